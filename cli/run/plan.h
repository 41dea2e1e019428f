// The verb "plan", run.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"

#include <stop_token>

namespace syncline::cli {

/// Does it and tells about it. Throws Unusable.
Status run_plan(const Plan& asked, const std::stop_token& stop);

}  // namespace syncline::cli
