// The secrets (secrets.h) where an index keeps them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/secrets.h"
#include "index/sqlite.h"

#include <string>

namespace syncline::index {

// Every function throws SqliteError.

/// Those in a database of this version. One that is missing or has come to harm is made anew of
/// `fresh`; and of what was keyed with it nothing is believed any more.
Secrets settle_secrets(Connection& connection, const Secrets& fresh);

/// Whether the index at `path`, which is of this version, has them all.
bool has_secrets(const std::string& path);

/// Has the next run that settles them make them anew. The index at `path` may be of any version.
void forget_secrets(const std::string& path);

}  // namespace syncline::index
