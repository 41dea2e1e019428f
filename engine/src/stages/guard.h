// Whether a pass may delete what it wants to: decided once, from the whole count, before the first
// unlink. All or nothing. Pure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <optional>
#include <string>

namespace syncline::stages {

/// Why the deletions `wanted`, out of what the destination `held` when it was walked, must not
/// happen; nullopt when they may.
std::optional<std::string> why_held_back(const DeletionPolicy& policy, const Tally& wanted,
                                         const Tally& held);

}  // namespace syncline::stages
