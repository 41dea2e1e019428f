// Copies that outlive an interruption: which ones do, how they are taken up again, and when they
// are litter.
//
// A copy is found again by its name, which is made from the file's own (own_names.h), and belongs
// to it if its journal says so: the same name, and a source that has not moved since, as a proof
// would need it (model/proof.h). So what is kept in it are the source's bytes of today, and they
// need not be read again. Nothing is kept of a source that is written to, or was within a tick of
// the moment when its reading began; nor where the file system cannot lock, for another run might
// be at work on that very copy; nor of copies that share blocks with what they are copied from,
// that take the place of a folder, or that are changed in place.
//
// **Between users.** A name proves nothing where another user may rename: nothing is left, and
// nothing gone on with, in a folder that others than root and this user may write to (a group that
// is this user's alone is no other). Nor does it where he could once, and there the journal must be
// authentic (journal.h). Without an index there is no key that lasts, so no journal is. Then the
// copy is good for not being written anew: the source is read from its beginning, and what differs
// is written. It must be an inode that nobody else could read: with rights for nobody else, and
// open nowhere else.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/directory.h"
#include "filesystem/listing.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// Whether the copy of such a file is kept when it is interrupted.
bool outlives_interruption(const Pass& pass, const FileTask& task);

/// The source was no more written to when its reading began, so that its identity says what will
/// have been read.
bool is_at_rest(const FileTask& task);

/// The name that it has then.
std::string partial_name_of(const FileTask& task);

/// Takes up the copy that an earlier pass left of `chunked`, which was just opened and is locked by
/// nobody yet. False: there is none that is worth anything, or not any more.
bool take_up(Pass& pass, ChunkedFile& chunked);

/// Nobody but root and this user may write to `folder`. Throws SystemError.
bool is_ours_alone(const Pass& pass, const filesystem::Directory& folder);

/// Whether `copy` in `folder`, which was opened again, still is that of `task`: its journal is
/// authentic. Throws SystemError.
bool is_copy_of(const Pass& pass, const filesystem::Directory& folder, const filesystem::File& copy,
                const FileTask& task);

/// Begins the journal of a copy that has none.
void begin_journal(Pass& pass, ChunkedFile& chunked);

/// What a stripe has written and hashed is noted in the journals of its files.
void note_progress(Stripe& stripe);

/// Whether the next pass would take the finished copy of `task`, which has a journal, for ours: not
/// where modes are not kept, and others may write to it.
bool is_known_again(Pass& pass, const FileTask& task);
/// That is so for certain: where inode numbers last.
bool is_surely_known_again(const FileTask& task);

/// Leaves the copy for the next pass, if it holds anything. By whoever has it for himself.
void leave_for_next(Pass& pass, ChunkedFile& chunked, std::vector<Event>& events);

/// Of how many bytes of `task`, which is not begun, the next pass could go on.
std::uint64_t kept_bytes_of(Pass& pass, const FileTask& task);

/// Takes the copies that earlier passes left in `folder` out of `names`, what the destination lists
/// there: those that will be taken up stay, the rest is removed (in a dry run: told of). Before
/// any name in the folder is handed out, so that no copy of this pass is met.
void sort_out_partials(Pass& pass, Folder& folder, const filesystem::OpenFolder& destination,
                       filesystem::Listing& names, std::vector<Event>& events);

/// Whether the temporary `name` may be removed.
bool may_clean(const Pass& pass, const Folder& folder, const std::string& name);

/// Tells that the temporary `name` was removed.
Action clean_action(const Folder& folder, const std::string& name);

}  // namespace syncline::engine
