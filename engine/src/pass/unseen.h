// What could not be seen, and what that forbids.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"

#include <string>

namespace syncline::engine {

/// Part of `folder`, or all of it, could not be seen. Thread-safe.
void note_unseen(Pass& pass, const Folder& folder, const Failure& failure);

/// Likewise the entry `name` of the source's `folder`, where that name was seen.
void note_unseen_entry(Pass& pass, Folder& folder, const std::string& name, const Failure& failure);

}  // namespace syncline::engine
