// What comes before every change to which entries a folder of the destination holds.
//
// A folder of ours may have a mode that keeps even us from changing it, listing it or looking at
// what is in it, as 0555, 0300 and 0000 do: the source has it so. Such a folder is opened up
// (u+rwx) when that is first needed, and gets its mode back when it is settled. A folder that
// nothing is done in is not touched for being closed to writing alone. In the source no mode is
// ever changed.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Entries will be made, renamed or removed in `folder`. Throws SystemError.
void touch(Pass& pass, Folder& folder);

}  // namespace syncline::engine
