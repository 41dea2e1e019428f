// How a pass went, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

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

/// That entries were deleted, for whoever sees no summary.
std::string deletions_line(const Summary& summary);

/// What nobody may miss, however quiet a run was asked for: why the mirror is not complete, and
/// what to do.
std::vector<std::string> shortcomings(const Summary& summary);

}  // namespace syncline::cli
