// Entries of the source that are left alone though they take part: what the destination has of
// that name stays as it is, and is not deleted. Pure: no disk, no clock.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

#include "syncline/options.h"

#include <cstdint>
#include <optional>

namespace syncline::filter {

/// Whether they leave anything alone.
bool leave_anything_alone(const TransferRules& rules);

/// Whether `options` leave `source` alone. `now_ns` since the epoch.
bool leaves_alone(const TransferRules& rules, const Entry& source,
                  const std::optional<Entry>& destination, std::int64_t now_ns);

}  // namespace syncline::filter
