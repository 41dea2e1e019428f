// The names of one folder on both sides, merged: each name once, with the sides that have it.
// Handed out in batches, so that a folder of millions flows like any other.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/listing.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

struct NamePair {
  std::string name;
  bool in_source = false;
  bool in_destination = false;
};

/// Which of two names comes first: that of `a` at `a_at` (negative), that of `b` at `b_at`, or
/// neither (0). A listing whose names are used up comes last; not both may be.
int order_of(const filesystem::Listing& a, std::size_t a_at, const filesystem::Listing& b,
             std::size_t b_at);

class Merge {
 public:
  Merge() = default;
  Merge(filesystem::Listing source, filesystem::Listing destination)
      : source_(std::move(source)), destination_(std::move(destination)) {}

  [[nodiscard]] bool done() const {
    return source_at_ == source_.size() && destination_at_ == destination_.size();
  }
  /// The next `most` names in byte order, or what is left; none after `upto`.
  std::vector<NamePair> next(std::size_t most, const std::optional<std::string>& upto = {});
  /// The last of the next `most` names; nullopt where not more than these are left.
  [[nodiscard]] std::optional<std::string> bound(std::size_t most) const;

 private:
  filesystem::Listing source_;
  filesystem::Listing destination_;
  std::size_t source_at_ = 0;
  std::size_t destination_at_ = 0;
};

}  // namespace syncline::engine
