// What is noted of names that share one inode while they are walked, copied and replaced, so that
// after the walk they can be linked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/clock.h"
#include "filesystem/directory.h"
#include "index/link_groups.h"
#include "index/rows.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// A name that becomes a link to the one that leads its group.
struct Follower {
  std::string name;
  FileId source;
  Kind kind = Kind::file;
  index::Follower::Known known = index::Follower::Known::nothing;
};

/// What leads `group`, `name` in `folder`, is in the destination what the source has, but for what
/// is an `exception`; under the name `temporary`, if that is not empty.
void end_leader(Pass& pass, Folder& folder, const std::string& name, const index::LinkGroup& group,
                const Identity& destination, bool has_proof, const ExceptionRef& exception,
                const std::string& temporary = {});

/// The one that leads `group`, if any, was only told of: whether it would still be what the
/// destination has of it, so that other names of that are links to it.
void tell_leader(Pass& pass, const Folder& folder, const std::string& name,
                 const std::optional<index::LinkGroup>& group, Verb verb);

/// Whether `now`, what the source's `folder` has by a name of `group`, is that inode still.
bool is_still_of(const index::LinkGroup& group, const Folder& folder,
                 const std::optional<Entry>& now);
/// That it is not.
Failure parted(Path path, const std::optional<Entry>& now);

inline bool has_other_names(const std::optional<Entry>& entry) {
  return entry && entry->kind == Kind::file && entry->links > 1;
}

/// What is called `name` in the destination's `folder` is about to lose that name by `take`. If it
/// `has_others`, what is remembered of these holds on, though that moves its ctime.
template <typename Take>
void take_name(Pass& pass, const filesystem::Directory& folder, const std::string& name,
               bool has_others, Take take) {
  if (!pass.memory.is_usable() || !has_others) return take();
  const filesystem::Descriptor held = folder.hold(name);
  const auto begin = std::chrono::steady_clock::now();
  const Identity before = held.is_open() ? filesystem::Directory::look(held).identity : Identity{};
  take();
  if (!held.is_open()) return;
  Identity after = filesystem::Directory::look(held).identity;
  const Timestamp ctime = std::exchange(after.ctime, before.ctime);
  if (after == before && !was_long_ago(begin)) pass.replica.links.move_ctime(before, ctime);
}

/// What was so remembered.
std::vector<index::Edit> moved_leaders(Pass& pass, index::LinkGroup& after);

/// To be linked after the walk.
void note_follower(Pass& pass, Folder& folder, const Follower& follower);

}  // namespace syncline::engine
