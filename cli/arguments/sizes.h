// Sizes and rates as people type them; what cannot be one is refused as values.h says.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace syncline::cli {

/// "1500", "1.5k", "2MiB", "2mb-1": bytes, as rsync reads them: a unit of one letter (B K M G T P)
/// or with "iB" counts by 1024, with "B" by 1000; "+1" or "-1" behind it is one byte more or less.
std::uint64_t parse_size(std::string_view text);

/// Bytes a second, in rsync's words: "1.5m", "100", "2MB", "512b"; without a unit KiB. 0: no limit;
/// else at least 512 bytes.
std::uint64_t parse_rate(std::string_view text);

/// rsync's --max-alloc: 0, or a size of at least 1 MiB.
std::uint64_t parse_allocation_limit(std::string_view text);

}  // namespace syncline::cli
