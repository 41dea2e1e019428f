// SPDX-License-Identifier: MIT
#include "content/open_to_read.h"

#include "content/copying.h"
#include "content/decide.h"
#include "content/partial.h"
#include "content/readable.h"
#include "filesystem/clock.h"
#include "filesystem/explained.h"
#include "pass/failures.h"

#include <cerrno>
#include <utility>

namespace syncline::engine {
namespace {

// The kernel stamps a file when a write begins, and the bytes follow for as long as that takes: 2
// GB at most, which a slow disk takes minutes for. What was stamped before that has come to rest.
// Younger files have if nobody has them open for writing.
bool is_quiet(const filesystem::OpenFile& file, const Identity& seen, std::int64_t began_ns) {
  constexpr std::int64_t longest_write_ns = 300'000'000'000;
  return seen.ctime < timestamp_of(began_ns - longest_write_ns) || file.has_no_writer();
}

void note_capabilities(Pass& pass, FileTask& task, bool are_lost) {
  task.loses_capabilities = are_lost;
  if (are_lost) pass.books.unkept.add(Aspect::capabilities, *task.folder, task.name);
}

void adapt_attributes(Pass& pass, FileTask& task) {
  note_capabilities(pass, task, pass.terms.adapt_attributes(*task.folder, task.source));
}

// Of the side that is not opened. False: that cannot be told.
bool look_at_source_attributes(Pass& pass, FileTask& task) {
  return attempt(
      *task.folder, task.name,
      [&] {
        task.source.attributes = pass.source.attributes(*task.folder, task.name);
        adapt_attributes(pass, task);
      },
      [](const Failure& /*to be met again when it is opened*/) {});
}

bool look_at_destination_attributes(Pass& pass, FileTask& task) {
  return read_destination(task, [&] {
    const auto folder = pass.handles.view(*task.folder);
    look_at_attributes(pass, *folder, task.name, *task.destination);
  });
}

// Where a pass that only tells would have moved it, it is read where it is.
Readable open_there(Pass& pass, const FileTask& task) {
  const auto seen = pass.handles.view(*task.folder);
  const auto place = seen->place_of(task.name);
  const filesystem::OpenFolder& folder = place && place->folder ? *place->folder : *seen;
  if (!place || folder.directory() == nullptr)
    throw filesystem::SystemError("open for reading", task.name, ENOENT);
  return open_readable(pass, *folder.directory(), place->name);
}

// What is not begun would only fail too, and for the same reason.
[[noreturn]] void refuse_for_room(Pass& pass, const FileTask& task) {
  const auto folder = pass.handles.get(*task.folder);
  errno = ENOSPC;
  filesystem::throw_explained("copy", folder->descriptor(), "");
}

// What the destination has of `task`, looked at anew.
void meet_again(FileTask& task, Entry now) {
  if (now.links == task.own_names) now.links = 1;  // to change it changes nobody else's file
  task.destination = std::move(now);
}

filesystem::File open_twin(Pass& pass, const FileTask& task) {
  Folder* root = task.folder.get();
  while (root->parent) root = root->parent.get();
  Handles::Handle at = pass.handles.get(*root);
  for (std::size_t i = 0; i + 1 < task.twin.size(); ++i)
    at = std::make_shared<const filesystem::Directory>(at->open_folder(task.twin[i]));
  return at->open_file(task.twin.back());
}

void require_file(const FileTask& task, const Entry& now) {
  if (now.kind != Kind::file) throw filesystem::SystemError("open for reading", task.name, ESTALE);
}

// What is read alone of the destination. nullopt: it is no longer what it was when that seemed
// enough.
std::optional<filesystem::FileToRead> open_hashed_there(Pass& pass, FileTask& task, Seen seen,
                                                        bool matters) {
  Readable opened = open_there(pass, task);
  const bool is_walked = seen == Seen::by_the_walk && !opened.was_shut();
  Entry now = is_walked ? *task.destination : opened.file.look();
  require_file(task, now);
  task.destination_is_quiet = !matters || is_quiet(opened.file, now.identity, task.began_ns);
  now.attributes = opened.attributes();
  if (!opened.was_shut() && !is_same_file(now, *task.destination)) return std::nullopt;
  meet_again(task, std::move(now));
  if (!look_at_source_attributes(pass, task)) return std::nullopt;
  return filesystem::FileToRead{std::move(opened.file)};
}

// What the source has of `task`, which `is_walked` where it is what the walk saw.
void meet_source(Pass& pass, FileTask& task, Entry now, bool is_walked) {
  if (task.destination && now.identity.size != task.destination->identity.size) task.copy_only();
  task.source = std::move(now);
  if (!is_walked) pass.terms.adapt(*task.folder, task.source);
  adapt_attributes(pass, task);
  if (task.reads == Reads::source && !look_at_destination_attributes(pass, task))
    task.reads = Reads::both;
}

filesystem::FileToRead open_source(Pass& pass, FileTask& task, Seen seen, bool matters) {
  auto file = pass.source.open_file(*task.folder, task.name);
  Entry now = seen == Seen::by_the_walk ? task.source : file->look();
  require_file(task, now);
  task.source_is_quiet = !matters || is_quiet(*file, now.identity, task.began_ns);
  now.attributes = file->attributes();
  const bool is_walked = seen == Seen::by_the_walk;
  meet_source(pass, task, std::move(now), is_walked);
  return file;
}

void require_room(Pass& pass, const FileTask& task) {
  const bool is_to_be_written =
      (!task.destination || task.is_afresh) && !pass.terms.options.dry_run;
  if (is_to_be_written && pass.replica.room.is_full()) refuse_for_room(pass, task);
}

// Whether a write to it that is under way would be a reason to believe less.
bool does_quiet_matter(const Pass& pass, const FileTask& task) {
  return task.is_shared || pass.memory.is_usable() || outlives_interruption(pass, task);
}

}  // namespace

// Its attributes were adapted for the other one.
void take_over_source(Pass& pass, const FileTask& read, FileTask& task) {
  require_room(pass, task);
  task.began_ns = read.began_ns;
  task.failed_there = false;
  task.source_is_quiet = read.source_is_quiet;
  const bool is_walked = is_same_file(read.source, task.source);
  Entry now = is_walked ? task.source : read.source;
  now.attributes = read.source.attributes;
  meet_source(pass, task, std::move(now), is_walked);
  note_capabilities(pass, task, read.loses_capabilities);
}

// What the source is now counts from here on.
std::optional<filesystem::FileToRead> open_hashed(Pass& pass, FileTask& task, Seen seen) {
  require_room(pass, task);
  task.began_ns = now_ns();
  task.failed_there = false;
  const bool matters = does_quiet_matter(pass, task);
  if (task.reads == Reads::destination) return open_hashed_there(pass, task, seen, matters);
  return open_source(pass, task, seen, matters);
}

// What the destination has of that name now, to compare with. What cannot be read there, or has
// another size by now, is replaced.
std::optional<filesystem::File> open_old(Pass& pass, FileTask& task, Seen seen) {
  if (!task.destination || task.is_afresh || task.reads != Reads::both || task.unreadable != 0)
    return std::nullopt;
  std::optional<filesystem::File> old;
  read_destination(task, [&] {
    Readable opened = open_there(pass, task);
    const bool is_walked = seen == Seen::by_the_walk && !opened.was_shut();
    Entry now = is_walked ? *task.destination : opened.file.look();
    if (now.kind != Kind::file || now.identity.size != task.source.identity.size) {
      task.destination.reset();
      return;
    }
    now.attributes = opened.attributes();
    task.destination_is_quiet =
        !pass.memory.is_usable() || is_quiet(opened.file, now.identity, task.began_ns);
    meet_again(task, std::move(now));
    old = std::move(opened.file);
  });
  return old;
}

// What a file that is copied had before, where most of it may still do though its size is another,
// or what the destination has elsewhere.
std::optional<filesystem::File> open_base(Pass& pass, const FileTask& task) {
  const auto& unheld = task.folder->there.unheld;
  const bool may_clone = pass.terms.options.reflink != Reflink::never && unheld && !unheld->clones;
  const bool has_base = task.verb == Verb::update || !task.twin.empty();
  if (!may_clone || !has_base || task.in_place || pass.terms.options.dry_run ||
      task.reads != Reads::both)
    return std::nullopt;
  try {
    auto opened = task.twin.empty() ? pass.handles.get(*task.folder)->open_file(task.name)
                                    : open_twin(pass, task);
    if (opened.look().kind != Kind::file) return std::nullopt;
    return opened;
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
}

}  // namespace syncline::engine
