// Exceptions told, recognised and handed to the index.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "index/rows.h"
#include "model/exception.h"
#include "model/metadata.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// `aspect` of `entry`, which is a piece of its metadata, as exceptions have it.
std::string piece_of(const Entry& entry, Aspect aspect);

/// `means` for one entry: with what is `known` of it excused, as far as the same is asked of the
/// same. Attributes count where both sides' were looked at.
Means excusing(Means means, const Exception* known, const Entry& source, const Entry& destination);

/// What of `known` is `excused` still, and `lost`: what was asked for as `want` has it, and is as
/// `now` has it. `is_want_of_right`: the reason for some of that. nullptr: nothing.
ExceptionRef exception_of(const Exception* known, MetadataChange excused, MetadataChange lost,
                          const Entry& want, const Entry& now, std::uint32_t user,
                          bool is_want_of_right);

// Of symlinks and special files, which may not be had at all.

Aspect aspect_of(Kind kind);
/// That `source` could not be made where there is `destination`, or nothing.
ExceptionRef unmade(const Entry& source, const std::optional<Entry>& destination,
                    std::uint32_t user);
/// Whether that is what is `known`.
bool is_unmade(const Exception* known, const Entry& source, const std::optional<Entry>& destination,
               std::uint32_t user);

// That a symlink or special file could not be one inode with its other names; of files it is
// remembered beside their digests.

/// The number of an inode of the destination, where numbers last; else index::any_inode.
std::uint64_t lasting_number(Folder& folder, FileId id);
/// Notes that of what the destination has as `name`. `others`: the inode that stands for all of
/// which each is apart from the rest. Returns `exception`, with that.
ExceptionRef note_apart(const Pass& pass, Folder& folder, const std::string& name,
                        const ExceptionRef& exception, FileId destination, std::uint64_t others,
                        std::vector<index::Edit>& edits);
/// Those `others`; nullopt: nothing of the kind is `known`, or it is another inode by now.
std::optional<std::uint64_t> apart_from(const Pass& pass, Folder& folder, const Exception* known,
                                        const Entry& destination);

// Of names that the destination refuses, for as long as it stays mounted: with other options it may
// allow them.

/// That `folder` of the destination refuses a name; nullptr where its mount cannot be told from
/// later ones.
ExceptionRef refused_name(const filesystem::Directory& folder, std::uint32_t user);
/// Whether that is what is `known`.
bool is_refused_name(const Exception* known, const filesystem::Directory& folder);

// That a whole file system holds none of some kind of metadata is remembered of its topmost folder,
// and believed as long as it stays mounted: with other options it may.

/// `exception` of `folder`, with that.
ExceptionRef with_file_system(Pass& pass, Folder& folder, const ExceptionRef& exception);
/// What is `known` of the topmost folder, `opened`, shows in `unheld`.
void recall_file_system(const Pass& pass, const Exception* known,
                        const filesystem::Directory& opened, Unheld& unheld);

/// What is remembered of `name` (empty: of the folder itself) in the folder of that row becomes
/// `now`, if it was something else.
void note_exception(index::RowKey folder, const std::string& name, const Exception* known,
                    const ExceptionRef& now, std::vector<index::Edit>& edits);

}  // namespace syncline::engine
