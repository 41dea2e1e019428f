// Which entries of a folder take part in the pass, by the rules and the list that it was given.
//
// Names are dropped as soon as a folder is listed. So an entry that does not take part is not even
// looked at, and nothing that is wrong with it can fail the pass or hold deletions back. Our own
// temporaries always take part: they are litter, whatever the rules say.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/listing.h"
#include "index/reader.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <string>
#include <vector>

namespace syncline::engine {

/// It is the top of a root, or of a file system that is mounted in the destination.
bool has_reserved_name(const Folder& folder);

/// At the top of either, and Syncline's own: it takes no part, and no rule, list or option changes
/// that.
bool is_reserved(const Folder& folder, std::string_view name);

/// Leaves in `names`, those of the source's `folder`, what is to be mirrored. What is listed and
/// missing becomes a failure.
void select_source(const Pass& pass, Folder& folder, filesystem::Listing& names,
                   std::vector<Event>& events);

/// Leaves in `names`, those of `destination`, what may be changed or deleted; `source` is what
/// select_source() left.
void select_destination(Pass& pass, const Folder& folder, const filesystem::OpenFolder& destination,
                        const filesystem::Listing& source, filesystem::Listing& names);

/// Likewise of a folder that the source lacks. True: something in it is to be kept.
bool select_extraneous(Pass& pass, const Folder& folder, const filesystem::OpenFolder& destination,
                       filesystem::Listing& names);

/// The source's entry of that name is as if it were not there.
bool is_hidden(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder);

/// The destination's entry of that name is to be kept.
bool is_protected(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder);

/// Likewise of the entry whose path from the root on has these parts, or of a folder on that path.
bool is_protected(const Pass& pass, const std::vector<std::string>& parts, bool is_folder);

/// For the rows of `folder`: what does not take part this time is not gone.
index::Rows::TakesPart take_part_in(const Pass& pass, const Folder& folder);

/// The root, where a list names entries and not itself: it is where these go.
bool is_no_more_than_a_place(const Pass& pass, const Folder& folder);

}  // namespace syncline::engine
