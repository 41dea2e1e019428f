// A folder that changes hands is shut to others while it is worked in, and one that was opened up
// is closed again.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"
#include "pass/folder.h"
#include "pass/pass.h"

namespace syncline::engine {

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

}  // namespace syncline::engine
