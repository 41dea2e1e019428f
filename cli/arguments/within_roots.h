// A path of an entry, wherever it was typed from.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace syncline::cli {

/// `path` relative to `roots`, also where it was typed with one of them before it. Throws Unusable
/// (Status::usage) that calls it `what` where it leads elsewhere.
std::string within_roots(const char* what, const std::string& path,
                         const std::vector<std::string>& roots);

}  // namespace syncline::cli
