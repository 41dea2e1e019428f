// SPDX-License-Identifier: MIT
#include "pass/census.h"

namespace syncline::engine {

void Census::note_example(const std::string& path) {
  constexpr std::size_t most = 3;
  if (noted_.fetch_add(1, std::memory_order_relaxed) >= most) return;
  const std::scoped_lock lock{mutex_};
  examples_.push_back(path);
}

std::vector<std::string> Census::examples() const {
  const std::scoped_lock lock{mutex_};
  return examples_;
}

}  // namespace syncline::engine
