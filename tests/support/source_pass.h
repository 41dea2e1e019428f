// A pass whose source is no folder of this machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/open_folder.h"
#include "pass/source.h"
#include "support/passes.h"

#include <memory>
#include <string>

namespace syncline::test {

// Without an index.

/// Mirrors `source` onto the folder `destination`, as run_pass() does.
Pass run_from(engine::Source& source, const std::string& destination, const Options& options = {});

/// Tells what that would do to `destination`, which need be no folder of this machine either.
Pass tell_from(engine::Source& source, std::shared_ptr<const filesystem::OpenFolder> destination,
               Options options = {});

}  // namespace syncline::test
