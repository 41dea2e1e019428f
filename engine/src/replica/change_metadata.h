// What is there gets the metadata that it shall have, as far as that can be kept.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "index/rows.h"
#include "pass/metadata_result.h"
#include "pass/pass.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// What `directory` has as `name`, with its attributes. Throws SystemError.
std::optional<Entry> look_whole(const filesystem::Directory& directory, const std::string& name);

struct ChangedMetadata {
  MetadataResult result;
  std::optional<Identity> now;  ///< none: it was not looked at after the change, or is gone
  bool is_as_left = false;      ///< by all that tells, nobody else changed it since it was met
};

/// Makes the metadata of `destination`, which is `name` in `folder`, that of `source` as far as it
/// can be kept. `known`: what the index has of it, which by `edits` becomes what is not. Throws
/// SystemError.
ChangedMetadata change_metadata(Pass& pass, Folder& folder, const std::string& name,
                                const Entry& source, const Entry& destination,
                                const Exception* known, std::vector<index::Edit>& edits);

}  // namespace syncline::engine
