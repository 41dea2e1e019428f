// What an entry is judged by.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "judge/standing.h"
#include "model/entry.h"
#include "model/exception.h"
#include "model/metadata.h"
#include "pass/pass.h"

#include <optional>

namespace syncline::engine {

/// Two files of one size.
bool is_pair(const std::optional<Entry>& source, const std::optional<Entry>& destination);

/// Of a pair; of anything else, and of what is `known` of it, unknown.
Standing standing_in(const Remembered* known, const std::optional<Entry>& source,
                     const std::optional<Entry>& destination, const Trust& trust);

/// Folders are looked at when they are listed, files when they are read. Those that need not be
/// read are proved, and their attributes with them, for to change these moves ctime.
bool needs_attributes(const Entry& source, Standing standing, const Remembered* known);

/// What can be kept of the metadata of an entry in `folder`, of which there is an `exception` or
/// nullptr.
Means means_for(const Pass& pass, Folder& folder, const Exception* exception,
                const std::optional<Entry>& source, const std::optional<Entry>& destination);

}  // namespace syncline::engine
