// Values of options, as people type them. Each function of this file and of those for times,
// moments, sizes and --info refuses what it cannot mean: it throws std::invalid_argument with what
// is expected and what was found; the caller knows the option's name.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace syncline::cli {

/// A number of workers, 1 to 1024.
unsigned parse_workers(std::string_view text);

/// "100": so many entries; "12.5%": so much of the destination.
DeletionPolicy parse_deletion_limit(std::string_view text);

/// A number of passes, at least one.
std::uint64_t parse_passes(std::string_view text);

/// "30d", "12h": how long a pass is kept. Only with a unit, for a number alone would be seconds.
std::chrono::seconds parse_keeping(std::string_view text);

/// "20GB": a size as parse_size() has it; "10%": so much of a file system.
decltype(Undo::most_bytes) parse_room(std::string_view text);

/// "auto", "evp" or "simd".
DigestBackend parse_digest_backend(std::string_view text);

/// "auto", "always" or "never".
Reflink parse_reflink(std::string_view text);

/// "name", "smallest" or "newest".
Order parse_order(std::string_view text);

/// Whether it reads as a number at all, be it a useless one such as "-inf": then it was meant as a
/// value.
bool is_number(std::string_view text);

}  // namespace syncline::cli
