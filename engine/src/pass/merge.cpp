// SPDX-License-Identifier: MIT
#include "pass/merge.h"

#include <algorithm>
#include <string_view>

namespace syncline::engine {

int order_of(const filesystem::Listing& a, std::size_t a_at, const filesystem::Listing& b,
             std::size_t b_at) {
  if (a_at == a.size()) return 1;
  if (b_at == b.size()) return -1;
  return a[a_at].compare(b[b_at]);
}

std::vector<NamePair> Merge::next(std::size_t most, const std::optional<std::string>& upto) {
  std::vector<NamePair> batch;
  const std::size_t left = source_.size() - source_at_ + destination_.size() - destination_at_;
  batch.reserve(std::min(most, left));
  while (batch.size() < most && !done()) {
    const int order = order_of(source_, source_at_, destination_, destination_at_);
    const auto name = order <= 0 ? source_[source_at_] : destination_[destination_at_];
    if (upto && name > *upto) break;
    batch.push_back({std::string{name}, order <= 0, order >= 0});
    if (order <= 0) ++source_at_;
    if (order >= 0) ++destination_at_;
  }
  return batch;
}

std::optional<std::string> Merge::bound(std::size_t most) const {
  std::size_t source = source_at_;
  std::size_t destination = destination_at_;
  std::string_view name;
  for (std::size_t count = 0; count < most; ++count) {
    if (source == source_.size() && destination == destination_.size()) return std::nullopt;
    const int order = order_of(source_, source, destination_, destination);
    name = order <= 0 ? source_[source] : destination_[destination];
    if (order <= 0) ++source;
    if (order >= 0) ++destination;
  }
  if (source == source_.size() && destination == destination_.size()) return std::nullopt;
  return std::string{name};
}

}  // namespace syncline::engine
