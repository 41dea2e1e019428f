// How a pass went, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::cli {

/// For a log: one line that a program can take apart, bytes and counts exact, every term always
/// there.
std::string summary_line(const Summary& summary);

/// Whether a pass found nothing to do, and nothing that anybody should know.
bool is_uneventful(const Summary& summary);
/// All that the log says of such a pass.
std::string uneventful_line(const Summary& summary);

/// For a terminal: a few lines, what is zero left out; where the index is only `with_index`.
std::vector<std::string> summary_for_people(const Summary& summary, bool with_index);

/// The name of a pass that can be taken back, for a terminal; none: it changed nothing.
std::optional<std::string> name_line(const Summary& summary);

/// That entries were deleted, for whoever sees no summary. `keeps`: as in held_words().
std::string deletions_line(const Summary& summary, bool keeps);

/// What nobody may miss, however quiet a run was asked for: why the mirror is not complete, and
/// what to do. `keeps`: as in held_words().
std::vector<std::string> shortcomings(const Summary& summary, bool keeps = false);

}  // namespace syncline::cli
