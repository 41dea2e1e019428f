// What people type out of other programs' habits, and what says it here.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline::cli {

/// `word` ("--watch", "-j") is no option: how to get what was most likely wished for, in words that
/// complete "unknown option '--watch': ..."; empty where nobody knows.
std::string_view advice_on_option(std::string_view word);

/// `word` ("copy", "verify") is no verb of ours: what to type instead; empty where it is none.
std::string_view advice_on_verb(std::string_view word);

/// `option` ("--only") is one that another verb alone takes: what was most likely wished for, if
/// something was that there is.
std::string_view advice_on_strayed_option(std::string_view option);

}  // namespace syncline::cli
