// What a line of our log looks like:
//
//     2026-11-23T07:30:24.123+00:00 info create file "a/b" (new; 1234 bytes)
//
// ISO 8601 with milliseconds and numeric zone, so that lines sort and no reader has to guess; then
// info, warning or error; then the message.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline::cli {

/// In spdlog's letters.
inline constexpr const char* log_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";

/// Whether `text` begins as our lines do.
bool begins_as_log(std::string_view text);

/// As many bytes of a log as begins_as_log() needs.
inline constexpr unsigned log_prefix_bytes = 40;

}  // namespace syncline::cli
