// The word that was most likely meant by a mistyped one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

/// The steps from one word to another: a letter put in, left out, changed, or two neighbours
/// swapped, none of them touched twice ("optimal string alignment").
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Of `words` the one nearest to `word`, the first of equals; empty where none is near enough to
/// have been meant.
std::string nearest(std::string_view word, const std::vector<std::string>& words);

}  // namespace syncline::cli
