// Moments as programs are told them.
//
// SPDX-License-Identifier: MIT
#include "text/local_time.h"
#include "text/utc_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <random>
#include <string>

namespace syncline::cli {
namespace {

TEST(UtcTime, has_nine_digits_and_the_zone) {
  EXPECT_EQ(rfc3339({.seconds = 0, .nanoseconds = 0}), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(rfc3339({.seconds = 1'764'060'471, .nanoseconds = 123'456'789}),
            "2025-11-25T08:47:51.123456789Z");
  EXPECT_EQ(rfc3339({.seconds = -1, .nanoseconds = 1}), "1969-12-31T23:59:59.000000001Z");
  EXPECT_EQ(rfc3339({.seconds = 951'782'400, .nanoseconds = 0}), "2000-02-29T00:00:00.000000000Z");
}

TEST(UtcTime, knows_years_that_have_no_four_digits) {
  EXPECT_EQ(rfc3339({.seconds = 253'402'300'799, .nanoseconds = 0}),
            "9999-12-31T23:59:59.000000000Z");
  EXPECT_EQ(rfc3339({.seconds = 253'402'300'800, .nanoseconds = 0}),
            "+10000-01-01T00:00:00.000000000Z");
  EXPECT_EQ(rfc3339({.seconds = -62'167'219'201, .nanoseconds = 0}),
            "-0001-12-31T23:59:59.000000000Z");
  for (const auto seconds :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    EXPECT_TRUE(rfc3339({.seconds = seconds, .nanoseconds = 0}).ends_with("Z"));
}

TEST(UtcTime, is_what_the_system_makes_of_it) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::uniform_int_distribution<std::int64_t> within{-62'167'219'200, 253'402'300'799};
  for (int i = 0; i < 10'000; ++i) {
    const std::time_t seconds = within(random);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%m-%dT%H:%M:%S.000000000Z", &parts);
    ASSERT_EQ(rfc3339({.seconds = seconds, .nanoseconds = 0}).substr(5), text) << seconds;
  }
}

TEST(LocalTime, carries_its_zone) {
  const char* const before = std::getenv("TZ");
  const std::string was = before == nullptr ? "" : before;
  ::setenv("TZ", "UTC-5:30", 1);
  ::tzset();
  EXPECT_EQ(seconds_time(1'764'060'471), "2025-11-25 14:17:51 +0530");
  EXPECT_EQ(exact_time({.seconds = 1'764'060'471, .nanoseconds = 5}),
            "2025-11-25 14:17:51.000000005 +0530");
  before == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", was.c_str(), 1);
  ::tzset();
}

}  // namespace
}  // namespace syncline::cli
