// What an action changes, in the eleven letters of rsync's --itemize-changes (rsync(1)),
// YXcstpoguax: what is done, to what, and which parts were not the same.
//
// Where the two programs do not mean the same: `c` of a file is set where its bytes differ though
// size and mtime do not, which rsync would not see without -c; and a file that has another mtime
// and the same bytes is not copied, so that its line begins with `.` rather than `>`.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <string>

namespace syncline::cli {

/// All that is not the same is metadata, though for its sake a fresh entry may take the place of
/// the old one.
bool changes_metadata_alone(const Action& action);

/// ">f.st......", "cd+++++++++", "*deleting  "
std::string itemized(const Action& action);

}  // namespace syncline::cli
