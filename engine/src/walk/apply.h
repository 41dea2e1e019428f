// Symlinks and special files made, metadata set, litter cleaned: what a batch needs beside its
// files. Each change stands alone; one that fails leaves the others be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "walk/steps.h"

namespace syncline::engine {

/// Carries out `steps.changes` and `.litter`, and notes `.followers`, `.removals` and
/// `.extraneous`, telling of it in `steps.events` and `.edits`. If it `may_wait`, changes to what
/// somebody else has go to
/// `.changes_not_now`.
void apply(Pass& pass, Folder& folder, Steps& steps, bool may_wait = true);

/// How making `change` is told.
Action action_on(const Pass& pass, Folder& folder, const EntryChange& change);

}  // namespace syncline::engine
