// Upper and lower case of names, as far as file systems that fold case agree on it: character by
// character, whatever the language. Names are bytes: what is not UTF-8 in them stays as it is.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace syncline {

/// Equal for names that differ in case alone.
std::string fold_case(std::string_view name);
/// Differs in case alone, in as many characters as can; the same where none has a case.
std::string toggle_case(std::string_view name);

}  // namespace syncline
