// Numbers as people read them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace syncline::cli {

/// "170,123"
std::string grouped(std::uint64_t number);

/// A number as rsync prints it: "170,123", or where `human_readable` is 1 "170.12K", by thousands,
/// and beyond that "166.14K", by 1024.
std::string rsync_number(std::uint64_t number, unsigned human_readable);

/// "999 B", "1.2 kB", "8.1 GB": powers of a thousand, as disks are sold.
std::string human_bytes(std::uint64_t bytes);

/// "0.52 s", "12.3 s", "3 min 12 s", "2 h 5 min", "12 days"
std::string human_duration(std::chrono::nanoseconds duration);

/// `amount` a second, zero where no time has passed.
double per_second(std::uint64_t amount, std::chrono::nanoseconds duration);

double to_seconds(std::chrono::nanoseconds duration);

}  // namespace syncline::cli
