// Symlinks and special files made, metadata set, litter cleaned: what a batch needs beside its
// files. Each change stands alone; one that fails leaves the others be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "replica/metadata_result.h"
#include "walk/steps.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// Carries out `steps.changes`, `.litter` and notes `.removals`, telling of it in
/// `steps.events` and `.edits`. If it `may_wait`, changes to what somebody else has go to
/// `.changes_not_now`.
void apply(Pass& pass, Folder& folder, Steps& steps, bool may_wait = true);

/// What would be done with one file, as far as that can be told without reading it.
void preview_file(Pass& pass, const FileTask& task, std::vector<Event>& events);

/// Instead of apply(), in a dry run: tells of everything in `steps` and touches nothing. What is
/// left of `steps.files` is to be read, to tell of that; what would be removed may be noted, to
/// be told of later.
void preview(Pass& pass, Folder& folder, Steps& steps);

/// Tells of `steps.removals` at once, so that there are none left.
void preview_removals(Pass& pass, Folder& folder, Steps& steps);

}  // namespace syncline::engine
