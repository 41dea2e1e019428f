// Whether somebody else changed an entry after we did, as far as its stamps tell. Pure, but for the
// time of day.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/exception.h"
#include "model/metadata.h"
#include "model/proof.h"

namespace syncline::engine {

/// Whether the entry that was `before` is, as far as its stamps tell, only what setting `change` to
/// `want` made of it, but for what is an `exception`, if any.
bool is_as_left(const Identity& before, const Identity& now, MetadataChange change,
                const Entry& want, IdentityRule rule, const Exception* exception);

/// Whether a file that was given the mtime `want` a moment ago was left alone since, as far as
/// `now`, which it has, tells. One that no `exception` accounts for is somebody's; so is one of
/// just now, whatever accounts for it.
bool has_mtime_as_set(const Timestamp& want, const Timestamp& now, const Exception* exception);

}  // namespace syncline::engine
