// How names that were made in a destination are given up.
//
// Whoever may write to the folder may have linked or renamed what had such a name, and put
// something else in its place. So what was copied is emptied through its descriptor, and then is of
// no use under whatever name; and a name is removed only while it stands for what it was made for.
// Between a look at it and unlinkat(2) it may come to stand for something else: where others may
// write to the folder, it is first moved into one of our own, where it cannot, and moved back if it
// is not what was meant.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/file.h"

#include <string>

namespace syncline::filesystem {

// What fails here could only fail again: it stays as litter for the next run.

/// Gives up `copy`, which this process has made as `name` in `folder` and linked nowhere.
void discard(const Directory& folder, const std::string& name, File& copy);
/// The same where it is closed by now: `id`, if the name still stands for that.
void discard_closed(const Directory& folder, const std::string& name, FileId id);
/// Gives up a name of `id`, which may have others: its content is left alone.
void discard_name(const Directory& folder, const std::string& name, FileId id);
/// The same as remove_temporary().
void discard_temporary(const Directory& folder, const std::string& name);

/// Removes what bears a temporary's name, whoever has made it. It is emptied first where that is
/// safe: a regular file of this user's without another name, on a file system whose link counts are
/// true (on FUSE it may be one more name of a file that is to stay), in a folder where others could
/// not have given that name to a file that somebody has open. Throws SystemError: ESTALE where the
/// name came to stand for something else.
void remove_temporary(const Directory& folder, const std::string& name);

}  // namespace syncline::filesystem
