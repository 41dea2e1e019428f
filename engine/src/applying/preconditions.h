// Whether what a step was decided upon still holds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/identity.h"
#include "syncline/precondition.h"

#include <optional>

namespace syncline::applying {

/// A root as the plan met it and as it is: a device has another number after it was mounted anew.
struct MetRoot {
  FileId planned;
  FileId now;

  [[nodiscard]] FileId by_now(FileId id) const {
    const bool was_there = planned != FileId{};
    if (was_there && id.device == planned.device) id.device = now.device;
    return id;
  }
};

struct MetRoots {
  MetRoot source;
  MetRoot destination;
};

/// Of an entry below `root`; none: nothing has its name.
bool holds(const std::optional<Precondition>& planned, const std::optional<Precondition>& now,
           const MetRoot& root);

}  // namespace syncline::applying
