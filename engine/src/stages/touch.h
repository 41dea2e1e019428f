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

#include "stages/folder.h"
#include "stages/pass.h"

namespace syncline::stages {

/// Entries will be made, renamed or removed in `folder`. Throws SystemError.
void touch(Pass& pass, Folder& folder);

/// Shuts what is `opened`, which is `found` and will be `folder`, if its metadata is to change
/// hands: only we get into it until it is settled, so that nobody sees, plants or moves anything in
/// it meanwhile. Where the mode alone changes, whoever may get in before and after still does. A
/// pass that is stopped leaves it so, and the next one settles it. What cannot be done of that is
/// told of when it is settled. Returns what of it was to be set for that.
MetadataChange shut_until_settled(Pass& pass, Folder& folder, const Entry& found,
                                  const filesystem::Directory& opened);

/// Gives `folder`, which the source lacks and which was opened up to be walked, its mode back: it
/// may stay.
void close_again(Pass& pass, Folder& folder);

}  // namespace syncline::stages
