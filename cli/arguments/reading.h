// Whether a word in first place is a verb.
//
// 'SRC DST' is what hands that know rsync type, and a folder may bear a verb's name: 'check b'. So
// such a word is the verb, unless what follows makes no whole command of it and all together makes
// one that mirrors. Where both are whole, neither is done: a mirror where a question was meant
// deletes, and a script that mirrors must not end well without having done so.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"
#include "arguments/verbs.h"

#include <cstddef>
#include <string>
#include <vector>

namespace syncline::cli {

/// The verb whose word stands in first place of `line`, before any "--"; mirroring if none does.
/// Its word may still be a folder's: see reading_of().
const Verb& first_word(const CommandLine& line);

/// How many positions, that word included, leave SRC and DST to the settings: the most there may
/// be.
std::size_t positions_without_roots(const CommandLine& line);

/// A command line read one way.
struct Reading {
  const Verb* verb;                    ///< one of verbs(), never null
  std::vector<std::string> positions;  ///< those that are the verb's, its word left out
};

/// `roots`: SRC and DST as the settings have them; they take part if the positions are all but
/// these. Throws Unusable (Status::usage) where both readings are whole, in a line that says how
/// the folder is named, and where the verb is still to come.
Reading reading_of(const CommandLine& line, const std::vector<std::string>& roots);

/// Throws Unusable (Status::usage) that names the verb and an option of `line` which it does not
/// take, if there is one.
void refuse_what_it_does_not_take(const Verb& verb, const CommandLine& line);

}  // namespace syncline::cli
