// Which passes can be taken back no more, so that what they keep does not fill the disk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"
#include "kept/store.h"

#include "syncline/options.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace syncline::kept {

/// Those of `passes` (the newest first) that expire by `limits`, the oldest first: never the
/// newest, nor one that is younger than a day. `most_bytes`: as Undo::most_bytes has it; none: no
/// limit. Pure.
std::vector<PassRow> expired(const std::vector<PassRow>& passes, const Undo& limits,
                             std::optional<std::uint64_t> most_bytes,
                             std::chrono::system_clock::time_point now);

/// The one that may go for what needs its room: the oldest, unless it is younger than a day, or the
/// newest but the one that is under way. Pure.
std::optional<PassRow> expendable(const std::vector<PassRow>& passes,
                                  std::chrono::system_clock::time_point now);

/// When the age of `pass` lets it expire; nullopt: it is the newest of `passes`.
std::optional<std::chrono::system_clock::time_point> expires_at(const PassRow& pass,
                                                                const std::vector<PassRow>& passes,
                                                                std::chrono::seconds keep_for);

/// What it kept is gone for good. Throws SystemError, SqliteError.
void expire(Store& store, Journal& journal, const PassRow& pass);

}  // namespace syncline::kept
