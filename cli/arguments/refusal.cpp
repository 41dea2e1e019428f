// SPDX-License-Identifier: MIT
#include "arguments/refusal.h"

#include "syncline/mirror.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {

void refuse(std::string_view what, std::string_view verb) {
  throw Unusable(Status::usage,
                 fmt::format("{}; try 'syncline {}{}--help'", what, verb, verb.empty() ? "" : " "));
}

}  // namespace syncline::cli
