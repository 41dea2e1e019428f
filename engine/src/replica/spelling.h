// Names that are two in the source and one in the destination, whose file system folds case (vfat,
// exFAT, NTFS, ext4 with casefold) or normalises (HFS+).
//
// There an entry of the destination may answer to a name that its folder does not list. Taken for
// an entry more, it would be made, found taken, and removed for its old spelling: so both are made
// one before the names of both sides are merged. Where the source has both spellings the one that
// is there stays, in every pass, and the other is reported.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/listing.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <string>
#include <vector>

namespace syncline::engine {

/// Gives the entries of `directory`, the destination of `folder`, the source's spelling; takes out
/// of `source` what can have no entry of its own, and out of both lists what is one under two
/// names. A folder with new names costs one look, others and those that are new cost none. Throws
/// SystemError.
void reconcile_spelling(Pass& pass, Folder& folder, const filesystem::OpenFolder& directory,
                        filesystem::Listing& source, filesystem::Listing& destination,
                        std::vector<Event>& events);

/// Makes `failure` say so where `name` could not be made in `folder` because of another name that
/// is the same there, or because it is refused there, which by `edits` is remembered.
void explain_taken_name(Pass& pass, Folder& folder, const std::string& name, Failure& failure,
                        std::vector<index::Edit>& edits);

}  // namespace syncline::engine
