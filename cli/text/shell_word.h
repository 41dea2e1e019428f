// A path in a command that somebody may copy.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace syncline::cli {

/// `word` as a shell takes it for one word: in single quotes, where it needs them.
std::string shell_word(std::string_view word);

}  // namespace syncline::cli
