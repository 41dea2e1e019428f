// A moment as file systems keep it: seconds and nanoseconds, as in timespec(3type), so that any
// year that a file can bear has its place. One 64-bit count of nanoseconds ends in 2262.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace syncline {

/// Since the epoch, or before it where `seconds` is negative. A plain value; compared as time goes.
struct Timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;  ///< on top of the seconds, also before the epoch; below 10^9

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with zero for a pointer
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// Of a count of nanoseconds since the epoch.
constexpr Timestamp timestamp_of(std::int64_t count_ns) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  std::int64_t seconds = count_ns / ns_per_s;
  std::int64_t rest = count_ns % ns_per_s;
  if (rest < 0) {
    rest += ns_per_s;
    --seconds;
  }
  return {.seconds = seconds, .nanoseconds = static_cast<std::uint32_t>(rest)};
}

/// The count of nanoseconds since the epoch; none from 2262 on, and before 1677, where 64 bits
/// cannot hold it.
constexpr std::optional<std::int64_t> nanoseconds_of(const Timestamp& time) {
  constexpr Timestamp first = timestamp_of(std::numeric_limits<std::int64_t>::min());
  constexpr Timestamp last = timestamp_of(std::numeric_limits<std::int64_t>::max());
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  if (time < first || time > last) return std::nullopt;
  // One second nearer to the epoch, for the first of all seconds begins before what 64 bits hold.
  const std::int64_t nearer = time.seconds < 0 ? 1 : 0;
  return (time.seconds + nearer) * ns_per_s +
         (static_cast<std::int64_t>(time.nanoseconds) - nearer * ns_per_s);
}

}  // namespace syncline
