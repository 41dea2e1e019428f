// Names of a folder that go on together.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "index/reader.h"
#include "model/entry.h"
#include "pass/merge.h"
#include "pass/patience.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace syncline::engine {

/// One of several names of an inode, chosen after the walk.
struct Chosen {
  index::LinkGroup group;
  bool leads = false;  ///< the others are linked to it; else it can be linked to none of them
  /// Of others it cannot be a link, for which this inode of the destination stands.
  std::optional<std::uint64_t> apart_from{};
  /// What the destination has there, if it has no names but those of the group.
  std::optional<FileId> owned{};
};

/// The names that go on together, and the stretch of the folder that they stand for.
struct Batch {
  std::vector<NamePair> names;
  index::Stretch stretch;
  bool was_held = false;         ///< names out of that stretch, which are held no longer
  std::vector<Chosen> chosen{};  ///< one for each name; none: they are what the walk meets
  Patience patience{};           ///< with who has them
};

}  // namespace syncline::engine
