// Changes of modes as people write them for chmod(1) and rsync's --chmod: "Dg+s,ug+w,Fo-w,+X",
// "D2775,F664", "g=u".
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace syncline::cli {

/// Throws std::invalid_argument with the first clause that makes no sense. Clauses that name no
/// class leave out the bits of `umask`, as chmod(1) does.
std::vector<ModeChange> parse_mode_changes(std::string_view text, std::uint32_t umask);

}  // namespace syncline::cli
