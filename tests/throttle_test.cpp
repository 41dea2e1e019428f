// The token bucket, its time handed in, and a pass that ends when its time is up.
//
// SPDX-License-Identifier: MIT
#include "pass/throttle.h"

#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace syncline::test {
namespace {

using engine::TokenBucket;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TokenBucket::Time start{std::chrono::hours(1)};

TEST(TokenBucket, lets_so_many_bytes_a_second_through_whatever_the_pieces) {
  for (const std::uint64_t piece : {1'000U, 10'000U, 250'000U}) {
    TokenBucket bucket{1'000'000};
    TokenBucket::Time now = start;
    for (std::uint64_t taken = 0; taken < 2'000'000; taken += piece) now = bucket.take(piece, now);
    EXPECT_EQ(std::chrono::round<milliseconds>(now - start), milliseconds(2000)) << piece;
  }
}

TEST(TokenBucket, makes_those_who_come_together_wait_for_each_other) {
  TokenBucket bucket{1'000'000};
  EXPECT_EQ(bucket.take(1'000'000, start), start + seconds(1));
  EXPECT_EQ(bucket.take(1'000'000, start), start + seconds(2));
  EXPECT_EQ(bucket.take(500'000, start + seconds(1)), start + milliseconds(2500));
}

TEST(TokenBucket, saves_no_more_than_half_a_second) {
  TokenBucket bucket{1'000'000};
  bucket.take(1'000, start);
  const auto later = start + seconds(60);
  EXPECT_EQ(bucket.take(500'000, later), later);
  EXPECT_EQ(bucket.take(50'000, later), later + milliseconds(50));
}

class TimeLimited : public TwoRoots {};

TEST_F(TimeLimited, passes_end_as_if_stopped_and_say_why) {
  given_source({file("file", std::string(1'000'000, 'x'))});
  Options late = options();
  late.stop_at = std::chrono::system_clock::now() + milliseconds(50);
  late.bytes_per_second = 10'000;
  const Pass done = run_pass(late);
  EXPECT_EQ(done.status(), Status::stopped);
  EXPECT_TRUE(done.summary.time_is_up);
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

TEST_F(TimeLimited, passes_that_are_done_in_time_are_like_any_other) {
  given_source({file("file", "text")});
  Options early = options();
  early.stop_at = std::chrono::system_clock::now() + seconds(3600);
  const Pass done = run_pass(early);
  EXPECT_EQ(done.status(), Status::done);
  EXPECT_FALSE(done.summary.time_is_up);
}

TEST_F(TimeLimited, passes_that_somebody_else_stopped_say_so) {
  given_source({file("file", "text")});
  Options early = options();
  early.stop_at = std::chrono::system_clock::now() + seconds(3600);
  std::stop_source stop;
  stop.request_stop();
  const Pass done = run_pass(early, {}, stop.get_token());
  EXPECT_EQ(done.status(), Status::stopped);
  EXPECT_FALSE(done.summary.time_is_up);
}

}  // namespace
}  // namespace syncline::test
