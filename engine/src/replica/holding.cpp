// SPDX-License-Identifier: MIT
#include "replica/holding.h"

#include "filesystem/atomic_file.h"
#include "filesystem/system_error.h"
#include "pass/step_sink.h"
#include "replica/touch.h"

namespace syncline::engine {
namespace {

// Where ctimes are not to be had, owners and modes are taken without a word and dropped.
void try_on(Pass& pass, Folder& folder, filesystem::File& file, const Entry& source) {
  constexpr std::uint32_t another_right = 0100;  // of its owner alone
  const Entry made = file.look();
  Entry want = made;
  want.uid = source.uid;
  want.gid = source.gid;
  want.mode = made.mode ^ another_right;
  const MetadataChange asked{
      .owner = pass.terms.privileges.any_owner && want.uid != made.uid,
      .group = pass.terms.privileges.may_set_group(want.gid) && want.gid != made.gid,
      .mode = true};
  Holds holds = file.set_metadata(want, asked).holds;
  if (!folder.there.stamping.is_strong()) {
    const Entry now = file.look();
    holds.owner = holds.owner && !(asked.owner && now.uid == made.uid);
    holds.group = holds.group && !(asked.group && now.gid == made.gid);
    holds.mode = holds.mode && !(asked.mode && now.mode == made.mode);
  }
  learn_unheld(folder, holds);
}

}  // namespace

void learn_what_is_held(Pass& pass, Folder& folder, const Entry& source) {
  const auto& unheld = folder.there.unheld;
  if (pass.replica.sink->only_tells() || !unheld || unheld->was_tried) return;
  try {
    const auto directory = pass.handles.get(folder);
    if (auto unnamed = directory->create_unnamed(0600)) {
      try_on(pass, folder, *unnamed, source);
    } else {
      touch(pass, folder);
      filesystem::AtomicFile file{directory};
      try_on(pass, folder, file.file(), source);
    }
  } catch (const filesystem::SystemError&) {
    // It is met again by whoever needs it.
  }
  unheld->was_tried = true;
}

}  // namespace syncline::engine
