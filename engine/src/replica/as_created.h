// What a new file is before anything is set: the same as the one that was made right before it in
// the same folder with the same rights, unless somebody changes the folder's group meanwhile. So
// only one of them is looked at; whether the others were made like it is seen when they are looked
// at with their names. That saves 1.2 of the 33 µs of CPU that a file of 9 KB takes in memory.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/folder.h"

#include <cstdint>

namespace syncline::engine {

/// The last one that was looked at. For one thread.
class LastCreated {
 public:
  /// nullptr where it has to be looked at.
  [[nodiscard]] const Entry* like(const Folder& folder, std::uint32_t rights) const;
  const Entry& note(const Folder& folder, std::uint32_t rights, Entry made);

 private:
  const Folder* folder_ = nullptr;
  std::uint32_t rights_ = 0;
  Entry made_;
};

/// Whether a copy that is to be as `want`, and was taken for `like` when its metadata was set, is
/// so `now`: what was right already was not set. `times`: whether these are kept.
bool was_made_like(const Entry& want, const Entry& like, const Entry& now, bool times);

/// What the system makes of a new file in `folder` that is created with these rights, its access
/// control list included: by trying. Throws SystemError.
Entry as_created(const filesystem::Directory& folder, std::uint32_t rights);

}  // namespace syncline::engine
