// SPDX-License-Identifier: MIT
#include "content/partial.h"

#include "content/holes.h"
#include "filesystem/discard.h"
#include "filesystem/file_system_type.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"
#include "md5/md5.h"
#include "model/trust.h"
#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/select.h"
#include "pass/step_sink.h"
#include "replica/touch.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::File;

std::string partial_name_for(const std::string& name) {
  const Md5 md5 = md5::of(std::as_bytes(std::span(name)));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i)
    number |= std::to_integer<std::uint64_t>(md5[i]) << (8 * i);
  return filesystem::partial_name(number);
}

// A name like ours is no proof that it is: somebody else's file, one that others may write to, or
// that has a name elsewhere, is not.
bool is_ours(const Pass& pass, const Entry& entry) {
  return entry.kind == Kind::file && entry.links == 1 && entry.uid == pass.terms.privileges.user &&
         !others_may_write(entry, pass.terms.privileges.user);
}

// Of larger ones the marks alone would take more than 128 MiB of memory, for nothing where they are
// holes: it is what ext4 can hold.
constexpr std::uint64_t most_kept_bytes = std::uint64_t{16} << 40U;

bool is_big(const Pass& pass, std::uint64_t size) {
  return pass.terms.options.keep_partial_from && size >= *pass.terms.options.keep_partial_from &&
         size <= most_kept_bytes && !travels_in_group(size);
}

// And who may have read it once, for nobody may by now.
bool is_nobody_elses(const File& copy) {
  constexpr std::uint32_t rights_of_others = 077;
  return (copy.look().mode & rights_of_others) == 0 && copy.has_no_other_user();
}

JournalSeal seal_in(const Pass& pass, const Directory& folder) {
  JournalSeal seal{.key = pass.terms.secrets.journal};
  if (!filesystem::is_weak(folder.descriptor()))
    seal.folder_inode = folder.look().identity.id.inode;
  return seal;
}

std::optional<File> open_ours(const Pass& pass, const Directory& folder, const std::string& name,
                              bool to_change) {
  try {
    auto file = to_change ? folder.open_to_change(name) : folder.open_file(name);
    if (is_ours(pass, file.look())) return file;
  } catch (const filesystem::SystemError&) {
    // There is none, or it is out of reach: then it is not gone on with.
  }
  return std::nullopt;
}

bool belongs_to(const CopyOwner& owner, const std::string& name, const Identity& source,
                const Stamping& stamping) {
  return owner.name == name && is_unmoved(owner.source, source, stamping.rule);
}

/// A copy that an earlier pass left.
struct Left {
  File file;
  CopyOwner owner;
  JournalSeal seal;
};

// What lies there of that name, whosever it is.
std::optional<Left> left_at(const Pass& pass, const Directory& folder, const std::string& name,
                            bool to_change) {
  if (!is_ours_alone(pass, folder)) return std::nullopt;
  auto file = open_ours(pass, folder, name, to_change);
  if (!file) return std::nullopt;
  const JournalSeal seal = seal_in(pass, folder);
  try {
    if (auto owner = Journal::owner_of(*file, seal))
      return Left{.file = std::move(*file), .owner = std::move(*owner), .seal = seal};
  } catch (const filesystem::SystemError&) {
    // What cannot be read is nobody's.
  }
  return std::nullopt;
}

// As it is after its file system was mounted anew: what the source's root is on had another number
// then, which says nothing of it.
Identity as_lasting(const Pass& pass, Identity source) {
  if (source.id.device == pass.terms.roots.source.device) source.id.device = 0;
  return source;
}

// Numbers of an inode and stamps are chosen by whoever has a file system of his own to mount.
bool is_of(const Pass& pass, Left& left, const std::string& name, const Identity& source,
           const Stamping& stamping) {
  if (!belongs_to(left.owner, name, source, stamping)) return false;
  if (left.owner.source.id.device != as_lasting(pass, source).id.device)
    left.owner.is_authentic = false;
  return left.owner.is_authentic || is_nobody_elses(left.file);
}

// That of `task`, of the source as it is now.
std::optional<Left> left_of(const Pass& pass, const FileTask& task, const Directory& folder,
                            bool to_change) {
  auto left = left_at(pass, folder, partial_name_of(task), to_change);
  const Stamping& stamping = task.folder->from->stamping;
  if (!left || !is_of(pass, *left, task.name, task.source.identity, stamping)) return std::nullopt;
  return left;
}

std::vector<ChunkMark> marks_in(const File& copy, const CopyOwner& owner, const JournalSeal& seal,
                                const FileTask& task) {
  return Journal::marks_of(copy, owner, seal, task.folder->there.stamping);
}

// Its name is not taken by what is of no use.
void give_up_left(Pass& pass, const FileTask& task, const Directory& folder) {
  const std::string name = partial_name_of(task);
  if (!folder.look(name)) return;
  touch(pass, *task.folder);
  filesystem::discard_temporary(folder, name);
}

std::uint64_t sum_of(const std::vector<ChunkMark>& marks) {
  return std::accumulate(marks.begin(), marks.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ChunkMark& mark) { return sum + mark.bytes; });
}

// A mark that is believed stands for its bytes from the start, one that is not once they were read
// back.
void begin_with(Pass& pass, ChunkedFile& chunked, std::vector<ChunkMark> marks) {
  chunked.marks = std::move(marks);
  lay_out_chunks(pass, chunked);
  std::uint64_t believed = 0;
  for (std::size_t place = 0; place < chunked.data.size(); ++place) {
    const std::uint32_t chunk = chunked.data[place];
    const ChunkMark& mark = chunked.marks[chunk];
    if (mark.is_believed) believed += mark.bytes;
    if (mark.is_believed && mark.bytes == chunked.chunk_size(chunk))
      chunked.chunks[place] = {.digest = {.md5 = mark.md5}, .tag = mark.tag};
    else
      chunked.to_read.push_back(chunk);
  }
  chunked.kept_bytes += believed;
  chunked.hashed_bytes += believed;
  pass.books.done.add({.entries = 0, .bytes = believed});
}

// Where its journal leaves off, or, where that may be anybody's, from the beginning.
void go_on(Pass& pass, ChunkedFile& chunked, const CopyOwner& owner, const JournalSeal& seal) {
  const FileTask& task = chunked.file.task;
  File& copy = chunked.copy->file();
  if (owner.is_authentic) {
    auto marks = marks_in(copy, owner, seal, task);
    chunked.journal = std::make_unique<Journal>(copy, owner, seal, marks);
    begin_with(pass, chunked, std::move(marks));
    return;
  }
  copy.resize(task.source.identity.size);  // so that nothing of that journal is left
  begin_journal(pass, chunked);
  chunked.fill = Fill::kept;
  begin_with(pass, chunked, std::vector<ChunkMark>(chunks_in(task.source.identity.size)));
}

// The file that a copy belongs to will be copied, as far as can be told now.
bool will_be_taken_up(Pass& pass, Folder& folder, const Directory& destination,
                      const std::string& name) {
  auto left = left_at(pass, destination, name, false);
  if (!left) return false;
  const std::string of = left->owner.name;
  if (partial_name_for(of) != name || is_hidden(pass, folder, of, false)) return false;
  const auto wanted = pass.source.look_at({folder}, of);
  if (!wanted || wanted->kind != Kind::file || !is_big(pass, wanted->identity.size) ||
      !is_of(pass, *left, of, wanted->identity, folder.from->stamping))
    return false;
  const auto there = destination.look(of);
  const bool is_there = there && there->kind == Kind::file &&
                        is_unmoved(there->identity, wanted->identity, IdentityRule::size_and_mtime);
  if (!is_there) pass.replica.room.count_held(left->file.look().allocated);
  return !is_there;
}

}  // namespace

bool outlives_interruption(const Pass& pass, const FileTask& task) {
  return pass.terms.locked && !pass.terms.options.dry_run && !task.in_place && !task.displaces &&
         task.reads == Reads::both && is_big(pass, task.source.identity.size);
}

bool is_at_rest(const FileTask& task) {
  return task.source_is_quiet &&
         !is_racy(task.source.identity, task.began_ns, task.folder->from->stamping);
}

std::string partial_name_of(const FileTask& task) {
  return partial_name_for(task.name);
}

bool take_up(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  if (!outlives_interruption(pass, task)) return false;
  const auto folder = pass.handles.get(*task.folder);
  auto left = left_of(pass, task, *folder, true);
  if (!left) {
    give_up_left(pass, task, *folder);
    return false;
  }
  touch(pass, *task.folder);
  chunked.copy = std::make_unique<filesystem::AtomicFile>(folder, partial_name_of(task),
                                                          std::move(left->file));
  try {
    go_on(pass, chunked, left->owner, left->seal);
  } catch (const filesystem::SystemError&) {
    chunked.marks.clear();
    chunked.journal.reset();
    chunked.copy.reset();  // what cannot be read is not gone on with, nor left
    return false;
  }
  chunked.differs = true;
  return true;
}

bool is_ours_alone(const Pass& pass, const Directory& folder) {
  Entry now = folder.look();
  constexpr std::uint32_t group_writes = 020;
  if (filesystem::is_group_owner(folder.descriptor(), now)) now.mode &= ~group_writes;
  return !others_may_write(now, pass.terms.privileges.user);
}

bool is_copy_of(const Pass& pass, const Directory& folder, const File& copy, const FileTask& task) {
  const auto owner = Journal::owner_of(copy, seal_in(pass, folder));
  return owner && owner->is_authentic &&
         belongs_to(*owner, task.name, task.source.identity, task.folder->from->stamping);
}

void begin_journal(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  const auto folder = pass.handles.get(*task.folder);
  chunked.journal = std::make_unique<Journal>(
      chunked.copy->file(),
      CopyOwner{.name = task.name, .source = as_lasting(pass, task.source.identity)},
      seal_in(pass, *folder));
}

void note_progress(Stripe& stripe) {
  std::vector<ChunkMark> marks;
  for (auto at = stripe.streams.begin(); at != stripe.streams.end();) {
    ChunkedFile& chunked = *at->file;
    const std::uint32_t first = at->index;
    Journal* const journal = chunked.journal_in_use();
    marks.clear();
    for (; at != stripe.streams.end() && at->file.get() == &chunked &&
           at->index == first + marks.size();
         ++at) {
      const auto mark = journal == nullptr ? std::nullopt : at->mark();
      if (!mark) break;
      marks.push_back(*mark);
    }
    if (marks.empty())
      ++at;
    else
      attempt(
          *chunked.file.task.folder, chunked.file.task.name, [&] { journal->note(first, marks); },
          [&](Failure failure) { fail_chunked(chunked, std::move(failure)); });
  }
}

bool is_known_again(Pass& pass, const FileTask& task) {
  try {
    const auto folder = pass.handles.get(*task.folder);
    return left_of(pass, task, *folder, false).has_value();
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

bool is_surely_known_again(const FileTask& task) {
  return task.folder->there.stamping.is_strong();
}

void leave_for_next(Pass& pass, ChunkedFile& chunked, std::vector<Event>& events) {
  const FileTask& task = chunked.file.task;
  if (!chunked.journal || chunked.file.progress != Progress::dropped) return;
  attempt(
      *task.folder, task.name,
      [&] {
        const File& copy = chunked.copy->file();
        const auto folder = pass.handles.get(*task.folder);
        const JournalSeal seal = seal_in(pass, *folder);
        const auto owner = Journal::owner_of(copy, seal);
        if (!owner || !is_ours_alone(pass, *folder) || !is_ours(pass, copy.look())) return;
        const std::uint64_t kept = sum_of(marks_in(copy, *owner, seal, task));
        if (kept == 0) return;
        chunked.journal->close();
        pass.memory.note_stamp(copy.look().identity.ctime);
        chunked.copy->finish();
        if (!is_surely_known_again(task)) return;
        events.emplace_back(Notice{.path = path_of(*task.folder, task.name),
                                   .code = NoticeCode::copy_kept,
                                   .numbers = {kept, task.source.identity.size}});
      },
      [&](Failure failure) { events.emplace_back(std::move(failure)); });
}

std::uint64_t kept_bytes_of(Pass& pass, const FileTask& task) {
  if (!pass.terms.locked || !task.folder->destination || !is_big(pass, task.source.identity.size))
    return 0;
  try {
    const auto folder = pass.handles.get(*task.folder);
    const auto left = left_of(pass, task, *folder, false);
    return left ? sum_of(marks_in(left->file, left->owner, left->seal, task)) : 0;
  } catch (const filesystem::SystemError&) {
    return 0;
  }
}

void sort_out_partials(Pass& pass, Folder& folder, const filesystem::OpenFolder& destination,
                       filesystem::Listing& names, std::vector<Event>& events) {
  if (!pass.terms.locked) return;
  names.remove_if([&](std::string_view found) {
    if (!filesystem::is_partial_name(found)) return false;
    const std::string name{found};
    bool is_done_with = true;
    attempt(
        folder, name,
        [&] {
          const auto now = destination.look(name);
          is_done_with = !now || now->kind != Kind::folder;
          if (!now || !is_done_with ||
              will_be_taken_up(pass, folder, *destination.directory(), name))
            return;
          if (!may_clean(pass, folder, name)) return;
          pass.replica.sink->clean(folder, name);
          events.emplace_back(clean_action(folder, name));
        },
        [&](Failure failure) { events.emplace_back(std::move(failure)); });
    return is_done_with;
  });
}

bool may_clean(const Pass& pass, const Folder& folder, const std::string& name) {
  return allowed(
             pass, [&] { return path_of(folder, name); },
             [&] { return clean_action(folder, name).given; })
      .has(Verb::clean);
}

Action clean_action(const Folder& folder, const std::string& name) {
  return {.verb = Verb::clean,
          .kind = Kind::file,
          .path = path_of(folder, name),
          .reason = {ReasonCode::interrupted},
          .bytes = 0,
          .digest = {},
          .given = {.folder = folder.there.id}};
}

}  // namespace syncline::engine
