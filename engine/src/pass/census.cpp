// SPDX-License-Identifier: MIT
#include "pass/census.h"

namespace syncline::engine {

void Census::begin_again(const Tally& gone_by_now) {
  for (SharedTally* const tally : {&source, &destination, &extraneous}) tally->reset();
  gone.reset();
  gone.add(gone_by_now);
  const std::scoped_lock lock{mutex_};
  noted_ = 0;
  examples_.clear();
}

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
