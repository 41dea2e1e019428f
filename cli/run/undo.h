// The verb "undo", run.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"

#include <optional>
#include <stop_token>
#include <string>

namespace syncline::cli {

/// Does it and tells about it. Throws Unusable.
Status take_back(const TakeBack& asked, const std::stop_token& stop);

/// The undo since which a pass with `options` would be held; none: it would not be, or nobody can
/// tell while another run is at work.
std::optional<std::string> held_since(const Options& options);

}  // namespace syncline::cli
