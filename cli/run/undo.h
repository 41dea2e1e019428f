// The verb "undo", run.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"

#include <stop_token>

namespace syncline::cli {

/// Does it and tells about it. Throws Unusable.
Status take_back(const TakeBack& asked, const std::stop_token& stop);

}  // namespace syncline::cli
