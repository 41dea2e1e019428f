// The end of a run that was not asked for in a way that can be understood.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline::cli {

/// Throws Unusable (Status::usage) with `what` and where to find help: that of `verb`, if given.
[[noreturn]] void refuse(std::string_view what, std::string_view verb = {});

}  // namespace syncline::cli
