// What the index is to remember of files whose content was just proved: built here, written by the
// record stage.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "index/rows.h"
#include "pass/pass.h"

#include <vector>

namespace syncline::engine {

/// How the destination came to hold the bytes.
enum class Origin : std::uint8_t {
  read,     ///< it had them, and they were read there
  written,  ///< we wrote and flushed them
};

/// What the destination of a file is now.
struct Kept {
  Identity identity;
  Origin origin = Origin::read;
  bool attributes_kept = true;  ///< all that the source has
};

// Each of these adds to `edits`, and nothing where no index is kept.

/// `task`'s file has the content of `fingerprint` on both sides, and its metadata as far as it can
/// be kept.
void remember(Pass& pass, const FileTask& task, const Fingerprint& fingerprint,
              const std::vector<Fingerprint>& chunks, const Kept& destination,
              std::vector<index::Edit>& edits);

/// Likewise for what is taken for the same by size and mtime.
void remember_unread(Pass& pass, Folder& folder, const std::string& name, const Identity& source,
                     const Identity& destination, std::vector<index::Edit>& edits);

/// What is remembered already holds for the destination as it is after its metadata was set.
void remember_moved(Pass& pass, Folder& folder, const std::string& name,
                    const Identity& destination, std::vector<index::Edit>& edits);

}  // namespace syncline::engine
