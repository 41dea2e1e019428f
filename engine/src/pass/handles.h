// Open folder handles, few of them: a tree thousands of levels deep, or with millions of folders
// under way, must not need as many descriptors. The youngest stay open; an older one is opened
// again from its nearest open ancestor, name by name, and must still be the same folder. Those on
// the way are kept too, for whoever goes up, but not in the place of the youngest quarter of those
// that were asked for: else the walk and the reading, thousands of levels apart, would each open
// the whole way anew at every step. --rehash of 30,000 levels took minutes by that, and takes 2 s.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"
#include "pass/folder.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace syncline::engine {

/// Thread-safe.
class Handles {
 public:
  using Handle = std::shared_ptr<const filesystem::Directory>;

  /// `opens_up`: what keeps that user out of a folder of the destination may be changed.
  Handles(std::size_t most_open, const Privileges& user, bool opens_up)
      : user_(user), opens_up_(opens_up), most_open_(most_open) {}

  /// Opens that side of `folder`, whose parent on that side is given. A folder of the destination
  /// that cannot be listed or searched is opened up for it (replica/touch.h).
  Handle open(const Handle& parent, Folder& folder, Side side);

  /// Remembers `opened` as that side of `folder`. A root's handle must be held open by the caller.
  Handle keep(Folder& folder, Side side, filesystem::Directory opened);

  /// Throws SystemError: ESTALE when another folder has taken its place.
  Handle get(Folder& folder, Side side);

 private:
  filesystem::Directory open_below(const filesystem::Directory& parent, Folder& folder, Side side);
  void open_up(const filesystem::Directory& parent, Folder& folder);
  Handle find(Folder& folder, Side side);
  using Kept = std::deque<Handle>;  ///< the oldest gives way
  void remember(Folder& folder, Side side, const Handle& handle, Kept& among);

  const Privileges& user_;
  const bool opens_up_;
  const std::size_t most_open_;

  std::mutex mutex_;  // for all that follows
  Kept asked_for_;
  Kept on_the_way_;
};

}  // namespace syncline::engine
