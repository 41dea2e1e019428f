// What a pass is called, everywhere: in the log, in JSON, in the index.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace syncline {

/// Its start in UTC, to the second: "20261125T084751Z" (ISO 8601, basic format). Thread-safe.
std::string pass_name(std::chrono::system_clock::time_point began);

}  // namespace syncline
