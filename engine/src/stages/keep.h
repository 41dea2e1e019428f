// Metadata set as far as it can be kept, and counted where it cannot.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"

#include <string>

namespace syncline::stages {

/// Counts what of `source`'s metadata `found`, its counterpart `name` in `folder`, does not have
/// and cannot have. Returns that.
MetadataChange count_unkept(Pass& pass, Folder& folder, const std::string& name,
                            const Entry& source, const Entry& found);

/// What of `change` was set to be as `source` has it, and is not so `now`.
MetadataChange ignored(MetadataChange change, const Entry& source, const Entry& now);

/// Makes the metadata of `found` that of `want` by `set(change)`, which returns what the file
/// system cannot hold, is called only if there is something to set, and may throw; so may `look()`,
/// which shows what became of it. Returns all that could not be kept, which is counted.
template <typename Set, typename Look>
MetadataChange keep_metadata(Pass& pass, Folder& folder, const std::string& name, const Entry& want,
                             const Entry& found, Set set, Look look) {
  const Means means = pass.means_for_wanted(folder);
  const MetadataChange change = difference(want, found, means);
  if (change.any()) {
    Pass::learn_unheld(folder, set(change));
    // Those that have no ctime (FAT, network and user-space file systems) may have no modes and
    // owners either, and say nothing when these are set.
    if (means.holds.stamps != IdentityRule::everything)
      Pass::learn_unheld(folder, ignored(change, want, look()));
  }
  return count_unkept(pass, folder, name, want, found);
}

/// Whether something of what differed was set: not if it all turned out not to be held there.
inline bool was_set(const Pass& pass, Folder& folder, const Entry& source, const Entry& found) {
  return difference(source, found, pass.means(folder)).any();
}

/// That of the open destination `folder` itself. For both, `want` is what Pass::wanted() returns.
void keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                          const Entry& want);

}  // namespace syncline::stages
