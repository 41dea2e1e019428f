// How many columns of a terminal a text takes.
//
// By utf8proc's tables, which are part of the program. wcwidth(3) would need a UTF-8 locale to be
// installed and set, and a mirror runs from cron and in bare containers where none is.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline::cli {

// Both take text that escape() has made harmless: UTF-8 without control characters.

/// Wide characters count two, combining ones none.
std::size_t columns_of(std::string_view text);

/// The end of `text`, which is what tells names apart, in at most so many columns; "…" stands for
/// what was cut off.
std::string end_within(std::string_view text, std::size_t columns);

}  // namespace syncline::cli
