// Giving a name to a copy that has none.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/file.h"

#include <optional>

namespace syncline::engine {

/// Gives the copy of `task` its name. False where the system gives none to what has none: nothing
/// was done then, and no such copies are made there any more. `named` becomes what the file was
/// right after that, where that is worth knowing. Throws SystemError, with EEXIST where there is
/// something of that name.
bool give_name(Pass& pass, const FileTask& task, const filesystem::File& unnamed,
               std::optional<Entry>& named);

}  // namespace syncline::engine
