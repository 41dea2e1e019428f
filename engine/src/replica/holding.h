// What a file system of the destination holds of owners and modes, found by trying it on a file of
// our own: before what is there is replaced for their sake, which would be done in vain, and anew
// by each pass, where the fresh one comes to be no other.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Tries the owner and group of `source`, and some other mode, in the destination's `folder`, once
/// for each file system. Not in a dry run. What fails tells nothing.
void learn_what_is_held(Pass& pass, Folder& folder, const Entry& source);

}  // namespace syncline::engine
