// All metadata of an entry, as it was.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/refusal.h"
#include "model/entry.h"
#include "model/metadata.h"

namespace syncline::engine {

/// What this user may set on `found` to make its metadata that of `want`.
MetadataChange what_differs(const Entry& want, const Entry& found);

/// Throws SystemError where a piece was refused.
void require_set(const filesystem::Refusal& refusal);

}  // namespace syncline::engine
