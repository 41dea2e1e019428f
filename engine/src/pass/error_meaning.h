// What an error says of an entry: that it is gone, or cannot be read, or linked.
//
// SPDX-License-Identifier: MIT
#pragma once

namespace syncline::engine {

/// Such an error says that what is in the destination cannot be read, for which it may be replaced:
/// neither that it is there no more, nor something of our own means.
bool means_unreadable(int error_number);
/// Nothing, or no folder, has that name.
bool means_absent(int error_number);
/// It is not there any more, or is something else.
bool means_gone(int error_number);
/// Of a link: the inode takes no more names, here at least; it may elsewhere, and another one may
/// here. Project quotas answer EXDEV within one file system (XFS, ext4).
bool means_apart(int error_number);
/// Likewise: no hard links at all, or none to this file.
bool means_cannot_link(int error_number);

}  // namespace syncline::engine
