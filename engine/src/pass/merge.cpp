// SPDX-License-Identifier: MIT
#include "pass/merge.h"

#include <algorithm>

namespace syncline::engine {

int order_of(const filesystem::Listing& a, std::size_t a_at, const filesystem::Listing& b,
             std::size_t b_at) {
  if (a_at == a.size()) return 1;
  if (b_at == b.size()) return -1;
  return a[a_at].compare(b[b_at]);
}

std::vector<NamePair> Merge::next(std::size_t most) {
  std::vector<NamePair> batch;
  const std::size_t left = source_.size() - source_at_ + destination_.size() - destination_at_;
  batch.reserve(std::min(most, left));
  while (batch.size() < most && !done()) {
    const int order = order_of(source_, source_at_, destination_, destination_at_);
    const auto name = order <= 0 ? source_[source_at_] : destination_[destination_at_];
    batch.push_back({std::string{name}, order <= 0, order >= 0});
    if (order <= 0) ++source_at_;
    if (order >= 0) ++destination_at_;
  }
  return batch;
}

}  // namespace syncline::engine
