// SPDX-License-Identifier: MIT
#include "stages/merge.h"

#include <algorithm>

namespace syncline::stages {

std::vector<NamePair> Merge::next(std::size_t most) {
  std::vector<NamePair> batch;
  const std::size_t left = source_.size() - source_at_ + destination_.size() - destination_at_;
  batch.reserve(std::min(most, left));
  while (batch.size() < most && !done()) {
    int order = 0;
    if (source_at_ == source_.size())
      order = 1;
    else if (destination_at_ == destination_.size())
      order = -1;
    else
      order = source_[source_at_].compare(destination_[destination_at_]);
    const auto name = order <= 0 ? source_[source_at_] : destination_[destination_at_];
    batch.push_back({std::string{name}, order <= 0, order >= 0});
    if (order <= 0) ++source_at_;
    if (order >= 0) ++destination_at_;
  }
  return batch;
}

}  // namespace syncline::stages
