// What an error says of an entry: that it is gone, or that it cannot be read.
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

}  // namespace syncline::engine
