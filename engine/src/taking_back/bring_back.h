// An entry as it was, copied into another folder.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"
#include "taking_back/replica.h"

#include "syncline/undo.h"

#include <stop_token>

namespace syncline::engine {

/// Throws Unusable, SystemError, index::SqliteError.
Summary bring_back(const BringBack& options, const KeptReplica& replica, kept::Journal& journal,
                   Observer& observer, const std::stop_token& stop);

}  // namespace syncline::engine
