// A pass whose source is no folder of this machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/source.h"
#include "support/passes.h"

#include <string>

namespace syncline::test {

/// Mirrors `source` onto the folder `destination`, as run_pass() does; without an index.
Pass run_from(engine::Source& source, const std::string& destination, Options options = {});

}  // namespace syncline::test
