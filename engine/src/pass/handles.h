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
#include <utility>

namespace syncline::engine {

class ToldNames;

/// What was `then`, seen again as `now` in `folder` or as that: see filesystem::may_be_same().
bool may_be_same(const filesystem::OpenFolder& folder, FileId then, FileId now);

/// Of one side. Thread-safe.
class Handles {
 public:
  using Handle = std::shared_ptr<const filesystem::Directory>;
  /// To be read.
  using View = std::shared_ptr<const filesystem::OpenFolder>;

  /// `opens_up`: what keeps that user out of a folder of the destination may be changed.
  Handles(Side side, std::size_t most_open, const Privileges& user, bool opens_up)
      : side_(side), user_(user), opens_up_(opens_up), most_open_(most_open) {}

  [[nodiscard]] Side side() const { return side_; }

  /// Opens `folder`, whose parent is given. A folder of the destination that cannot be listed or
  /// searched is opened up for it (replica/touch.h).
  View open(const View& parent, Folder& folder);

  /// Remembers `opened` as `folder`. A root's handle must be held open by the caller.
  View keep(Folder& folder, View opened);
  View keep(Folder& folder, filesystem::Directory opened) {
    return keep(folder, std::make_shared<const filesystem::Directory>(std::move(opened)));
  }

  /// Throws SystemError: ESTALE when another folder has taken its place.
  View view(Folder& folder);
  /// Likewise, on its file system; ENOENT where it only would be there.
  Handle get(Folder& folder);

  /// Of a destination that is as it would be: what is told of it is noted there. Before the first
  /// is asked for.
  void see_as_told(const ToldNames& told) { told_ = &told; }

 private:
  View open_below(const filesystem::OpenFolder& parent, Folder& folder);
  void open_up(const filesystem::Directory& parent, Folder& folder);
  [[nodiscard]] bool is_made(const Folder& folder) const;
  View find(Folder& folder);
  using Kept = std::deque<View>;  ///< the oldest gives way
  void remember(Folder& folder, const View& view, Kept& among);

  const Side side_;
  const Privileges& user_;
  const bool opens_up_;
  const std::size_t most_open_;
  const ToldNames* told_ = nullptr;

  std::mutex mutex_;  // for all that follows
  Kept asked_for_;
  Kept on_the_way_;
};

}  // namespace syncline::engine
