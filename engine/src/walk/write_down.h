// What a batch is about to do, written down before its first step is done.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "replica/intentions.h"
#include "walk/steps.h"

namespace syncline::engine {

/// The changes of `steps`, and the folders that will be made for them.
void write_down(Pass& pass, Folder& folder, const Steps& steps, IntentionGroup& intentions);

/// What `change` makes will be seen as.
kept::Left expected(const Pass& pass, const Folder& folder, const EntryChange& change);

}  // namespace syncline::engine
