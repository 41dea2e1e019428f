// SPDX-License-Identifier: MIT
#include "pass/unkept.h"

namespace syncline::engine {

void UnkeptCounts::add(Aspect aspect, const Folder& folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  Unkept& unkept = counts_.at(static_cast<std::size_t>(aspect));
  if (unkept.entries++ > 0) return;
  unkept.aspect = aspect;
  unkept.example = name.empty() ? path_of(folder) : path_of(folder, name);
}

std::vector<Unkept> UnkeptCounts::all() const {
  const std::scoped_lock lock{mutex_};
  std::vector<Unkept> result;
  for (const Unkept& unkept : counts_)
    if (unkept.entries > 0) result.push_back(unkept);
  return result;
}

}  // namespace syncline::engine
