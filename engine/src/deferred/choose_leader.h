// Which name of an inode shall be what the others are linked to, where none leads yet.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deferred_folders.h"
#include "index/link_groups.h"
#include "model/entry.h"
#include "pass/admission.h"
#include "pass/pass.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

namespace syncline::engine {

/// What the destination has of a follower, which may be what all of them become.
struct Candidate {
  std::size_t number = 0;
  FileId id;
  std::uint32_t links = 0;
  std::uint32_t names = 0;  ///< of these, in the group
  bool has_shape = false;   ///< but for the bytes it may be what the source has
  bool has_mtime = false;   ///< likewise
  bool is_same = false;     ///< all that was looked at is
  bool is_owned = false;    ///< it has no names but those of the group
  index::Follower::Known known = index::Follower::Known::nothing;
  PlannedAs planned_as = PlannedAs::nothing;

  // Of one with other names nothing can be changed.
  [[nodiscard]] bool fits() const { return is_same || (has_mtime && is_owned); }
  // The same inode, whatever is done to it.
  [[nodiscard]] bool stays() const { return fits() || (has_shape && is_owned); }
  [[nodiscard]] auto rank() const {
    return std::tuple{planned_as, fits(), has_shape, known, names};
  }
};

/// Whether `there` is what `source` is, but for what files hold.
bool has_shape_of(const Entry& source, const Entry& there);

/// `source` with what of its metadata depends on `there`, its counterpart.
Entry adapted_to(const Entry& there, Entry source, const Terms& terms);

/// The best of the `followers` of `group`: the first where the destination has nothing of use. What
/// stays of it stands for the group from here on. What cannot be looked at is no candidate.
Candidate choose_leader(Pass& pass, DeferredFolders& folders, const index::LinkGroup& group,
                        std::span<const index::Follower> followers);

}  // namespace syncline::engine
