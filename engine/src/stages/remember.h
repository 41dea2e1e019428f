// What the index is to remember of files whose content was just proved: built here, written by the
// record stage.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "stages/pass.h"
#include "stages/transfer.h"

#include <optional>
#include <vector>

namespace syncline::stages {

/// How the destination came to hold the bytes.
enum class Origin : std::uint8_t {
  read,     ///< it had them, and they were read there
  written,  ///< we wrote and flushed them
};

/// `task`'s file has the content of `digest` on both sides, its destination being `destination`
/// now. nullopt where no index is kept.
std::optional<index::Edit> remember(Pass& pass, const FileTask& task, const Digest& digest,
                                    const std::vector<Md5>& chunks, const Identity& destination,
                                    Origin origin);

/// Likewise for what is taken for the same by size and mtime.
std::optional<index::Edit> remember_unread(Pass& pass, Folder& folder, const std::string& name,
                                           const Identity& source, const Identity& destination);

/// Whether the entry that was `before` is, as far as its stamps tell, only what setting `change` to
/// `want` made of it.
bool is_as_left(const Identity& before, const Identity& now, MetadataChange change,
                const Entry& want);

/// What is remembered already holds for the destination as it is after its metadata was set.
std::optional<index::Edit> remember_moved(Pass& pass, Folder& folder, const std::string& name,
                                          const Identity& destination);

}  // namespace syncline::stages
