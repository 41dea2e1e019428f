// SPDX-License-Identifier: MIT
#include "pass/unseen.h"

#include "filesystem/system_error.h"

namespace syncline::engine {
namespace {

bool is_mount_in_source(Pass& pass, Folder& folder, const std::string& name) {
  try {
    return pass.source.is_mount_root(folder, name);
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

}  // namespace

// Nothing is deleted below what could not be listed, for no name there is known. But a folder that
// gives way takes everything in it along.
void note_unseen(Pass& pass, const Folder& folder, const Failure& failure) {
  pass.brakes.note_unseen();
  if (!pass.terms.options.ignore_errors || folder.gives_way)
    pass.brakes.suppress_deletions(failure);
}

// What is mounted there hides whatever was there before, so by that name nothing is deleted, and
// nothing came there from elsewhere. It may be a file system of somebody's own, which denies even
// root a look, or whose daemon is gone (FUSE): held back everywhere, deletions would be his to
// forbid. Any other entry may be what the destination has by another name still.
void note_unseen_entry(Pass& pass, Folder& folder, const std::string& name,
                       const Failure& failure) {
  if (is_mount_in_source(pass, folder, name) && !folder.gives_way)
    pass.brakes.note_unseen();
  else
    note_unseen(pass, folder, failure);
}

}  // namespace syncline::engine
