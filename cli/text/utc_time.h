// Moments as programs write them, in UTC.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <cstdint>
#include <string>

namespace syncline::cli {

/// "2026-11-25T08:47:51.123456789Z", as RFC 3339 has it. Of a year before 0 or after 9999, which
/// has no room there, with a sign and as many digits as it takes (ISO 8601).
std::string rfc3339(const Timestamp& time);

}  // namespace syncline::cli
