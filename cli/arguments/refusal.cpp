// SPDX-License-Identifier: MIT
#include "arguments/refusal.h"

#include "syncline/mirror.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {

void refuse(std::string_view what) {
  throw Unusable(Status::usage, fmt::format("{}; try 'syncline --help'", what));
}

}  // namespace syncline::cli
