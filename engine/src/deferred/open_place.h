// SPDX-License-Identifier: MIT
#pragma once

#include "pass/handles.h"

#include <string>
#include <string_view>

namespace syncline::engine {

/// A name and the open folder that it is in.
struct Place {
  Handles::Handle folder;
  std::string name;
};

/// That of `path` below `root`, reached name by name as every folder there is. Throws SystemError.
Place open_beneath(const Handles::Handle& root, std::string_view path);

}  // namespace syncline::engine
