// Moments as people write them, in the zone of the machine, which they carry.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <cstdint>
#include <string>

namespace syncline::cli {

/// "2026-11-23 07:30:24 +0100", seconds since the epoch.
std::string seconds_time(std::int64_t seconds);

/// "2026-11-23 07:30:24.123456789 +0100".
std::string exact_time(const Timestamp& time);

/// As strftime(3) has it; empty for a year that it has no words for.
std::string formatted_time(std::int64_t seconds, const char* format);

}  // namespace syncline::cli
