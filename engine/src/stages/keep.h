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

/// Makes the metadata of `found` that of `source` by `set(change)`, which returns what the file
/// system cannot hold, is called only if there is something to set, and may throw. Returns all that
/// could not be kept, which is counted.
template <typename Set>
MetadataChange keep_metadata(Pass& pass, Folder& folder, const std::string& name,
                             const Entry& source, const Entry& found, Set set) {
  const MetadataChange change = difference(source, found, pass.means(folder));
  if (change.any()) Pass::learn_unheld(folder, set(change));
  return count_unkept(pass, folder, name, source, found);
}

/// That of the open destination `folder` itself.
void keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                          const Entry& source);

}  // namespace syncline::stages
