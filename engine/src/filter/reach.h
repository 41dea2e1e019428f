// Whether a walk by rules and a list comes to a folder. Pure: no disk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filter/listed.h"
#include "filter/rules.h"

#include <string>
#include <string_view>
#include <vector>

namespace syncline::filter {

/// Whether the walk of the source at `root`, an absolute path, goes into the folder that these
/// names lead to from there. `wanted`: of the root.
bool reaches(const Rules& rules, Wanted wanted, std::string_view root,
             const std::vector<std::string>& names);

}  // namespace syncline::filter
