// SPDX-License-Identifier: MIT
#include "filter/reach.h"

namespace syncline::filter {

bool reaches(const Rules& rules, Wanted wanted, std::string_view root,
             const std::vector<std::string>& names) {
  std::string above = ".";
  for (const std::string& name : names) {
    Path path{root, above};
    path.set_name(name);
    const bool is_hidden = rules.hides(path, true);
    const bool is_entered = wanted.needs_as_way(name) || (wanted.wants_itself(name) && !is_hidden);
    if (!is_entered) return false;
    wanted = wanted.below(name, is_hidden);
    if (above == ".")
      above = name;
    else
      above.append("/").append(name);
  }
  return true;
}

}  // namespace syncline::filter
