// Values of options, as people type them. Each function refuses what it cannot mean: it throws
// std::invalid_argument with what is expected and what was found; the caller knows the option's
// name.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syncline::cli {

/// Seconds, fractions allowed, or with units, the largest first: "90s", "5m", "1h30m", "2d" (w d h
/// min m s ms). Above zero. Longer than a century is taken as a century.
std::chrono::nanoseconds parse_interval(std::string_view text);

/// A number of workers, 1 to 1024.
unsigned parse_workers(std::string_view text);

/// "1500", "1.5k", "2MiB", "2mb-1": bytes, as rsync reads them: a unit of one letter (B K M G T P)
/// or with "iB" counts by 1024, with "B" by 1000; "+1" or "-1" behind it is one byte more or less.
std::uint64_t parse_size(std::string_view text);

/// "100": so many entries; "12.5%": so much of the destination.
DeletionPolicy parse_deletion_limit(std::string_view text);

/// "auto", "evp" or "simd".
DigestBackend parse_digest_backend(std::string_view text);

/// "auto", "always" or "never".
Reflink parse_reflink(std::string_view text);

/// "name", "smallest" or "newest".
Order parse_order(std::string_view text);

/// Bytes a second, in rsync's words: "1.5m", "100", "2MB", "512b"; without a unit KiB. 0: no limit;
/// else at least 512 bytes.
std::uint64_t parse_rate(std::string_view text);

/// Likewise, but a number alone is minutes, as rsync has it.
std::chrono::nanoseconds parse_minutes(std::string_view text);

/// A moment after `now` in local time, in rsync's words: "2030-12-31T23:59", "12-31", "14:00",
/// "31", ":59"; what is left out is whatever makes it come next.
std::chrono::system_clock::time_point parse_moment(std::string_view text,
                                                   std::chrono::system_clock::time_point now);

/// Whole seconds, units allowed; none for a negative number, which means to the nanosecond.
std::optional<std::uint32_t> parse_window(std::string_view text);

/// Whether it would do as an interval.
bool is_time(std::string_view text);

/// What of rsync's --info has a meaning here.
struct InfoWords {
  std::optional<bool> progress;
  bool stats = false;
  bool names = false;
};
/// "progress2,name0": adds what these words say to `words`. A word that rsync does not know is
/// refused with those that it does.
void add_info(std::string_view list, InfoWords& words);

/// rsync's --max-alloc: 0, or a size of at least 1 MiB.
std::uint64_t parse_allocation_limit(std::string_view text);

/// Whether it reads as a number at all, be it a useless one such as "-inf": then it was meant as a
/// value.
bool is_number(std::string_view text);

}  // namespace syncline::cli
