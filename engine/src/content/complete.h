// A copy whose bytes are written gets all else that it needs: metadata, and where it can do without
// a temporary's name, its own.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/atomic_file.h"
#include "filesystem/directory.h"
#include "filesystem/file.h"
#include "pass/pass.h"
#include "replica/as_created.h"

#include <optional>

namespace syncline::engine {

// All throw SystemError.

/// Writes the bytes of `file` into `copy`, but for its holes.
void write_content(Pass& pass, const LoadedFile& file, filesystem::File& copy);

/// Gives `file`, which holds the content, what else the copy of `task` needs.
Copy complete(Pass& pass, const FileTask& task, filesystem::File& file);
/// Likewise of one that has a temporary's name, and is closed.
Copy complete(Pass& pass, const FileTask& task, filesystem::AtomicFile& atomic);

/// It would get its name as soon as it is whole, without a temporary's.
bool is_named_at_once(Pass& pass, const FileTask& task);

/// A new file has no name until it is whole. nullopt where that cannot be. `last_created`: see
/// there.
std::optional<Copy> copy_without_name(Pass& pass, const LoadedFile& file,
                                      const filesystem::Directory& folder,
                                      LastCreated& last_created);

}  // namespace syncline::engine
