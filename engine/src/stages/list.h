// First stage: a folder is opened on the sides that have it, created where the destination lacks
// it, and its names are read and merged.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/folder.h"
#include "stages/pass.h"

#include "syncline/event.h"

#include <vector>

namespace syncline::stages {

/// Fills `folder` up to its first emission. What happened goes to `events`; after a failure there
/// is nothing to emit, and where a folder could not be seen, nothing will be deleted in this pass.
void list(Pass& pass, Folder& folder, std::vector<Event>& events);

/// Tells that `folder` was created, or took the place of something else.
Action created_event(const Folder& folder);

}  // namespace syncline::stages
