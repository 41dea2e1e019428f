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

/// Makes the metadata of `found` that of `want` by `set(change)`, which returns what the file
/// system cannot hold, is called only if there is something to set, and may throw. Returns all that
/// could not be kept, which is counted.
template <typename Set>
MetadataChange keep_metadata(Pass& pass, Folder& folder, const std::string& name, const Entry& want,
                             const Entry& found, Set set) {
  const MetadataChange change = difference(want, found, pass.means_for_wanted(folder));
  if (change.any()) Pass::learn_unheld(folder, set(change));
  return count_unkept(pass, folder, name, want, found);
}

/// That of the open destination `folder` itself. For both, `want` is what Pass::wanted() returns.
void keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                          const Entry& want);

}  // namespace syncline::stages
