// The words of rsync's --info.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace syncline::cli {

/// What of rsync's --info has a meaning here.
struct InfoWords {
  std::optional<bool> progress;
  bool stats = false;
  bool names = false;
};
/// "progress2,name0": adds what these words say to `words`. A word that rsync does not know is
/// refused as values.h says, with those that it does.
void add_info(std::string_view list, InfoWords& words);

}  // namespace syncline::cli
