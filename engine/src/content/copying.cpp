// SPDX-License-Identifier: MIT
#include "content/copying.h"

#include "content/partial.h"
#include "content/readable.h"
#include "filesystem/system_error.h"
#include "model/handover.h"
#include "replica/touch.h"

#include <cerrno>
#include <memory>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::SystemError;

// The bytes of the source, shared with it. False where they must be copied.
bool clone_source(const Pass& pass, ChunkedFile& chunked, filesystem::File& copy) {
  const Reflink wanted = pass.terms.options.reflink;
  Folder& folder = *chunked.file.task.folder;
  const auto& unheld = folder.there.unheld;
  const bool is_known_to_fail = unheld && unheld->source_clones;
  if (wanted == Reflink::never || (wanted == Reflink::automatic && is_known_to_fail)) return false;
  const filesystem::File* const source = (*chunked.hashed)->local();
  if (source != nullptr && copy.clone_from(*source)) return true;
  if (wanted == Reflink::always) throw SystemError("share its blocks with the source", "", EXDEV);
  if (unheld && source != nullptr) unheld->source_clones = true;
  return false;
}

// The bytes of the old file, shared with it: worth it where most of them will do.
bool clone_old(const Pass& pass, ChunkedFile& chunked, filesystem::File& copy) {
  const FileTask& task = chunked.file.task;
  const auto& unheld = task.folder->there.unheld;
  if (!chunked.old || pass.terms.options.reflink == Reflink::never || (unheld && unheld->clones))
    return false;
  if (!copy.clone_from(*chunked.old)) {
    if (unheld) unheld->clones = true;
    return false;
  }
  copy.resize(task.source.identity.size);
  return true;
}

// Whatever else bears the name of a copy that is to outlive us: there is another one for a copy
// that will not.
std::unique_ptr<filesystem::AtomicFile> make_temporary(Pass& pass, const FileTask& task,
                                                       bool& outlives) {
  const auto folder = pass.handles.get(*task.folder);
  outlives = outlives && is_ours_alone(pass, *folder);
  if (outlives) {
    std::string name = partial_name_of(task);
    try {
      auto file = folder->create_file(name);
      return std::make_unique<filesystem::AtomicFile>(folder, std::move(name), std::move(file));
    } catch (const SystemError& error) {
      if (error.error_number() != EEXIST) throw;
      outlives = false;
    }
  }
  return std::make_unique<filesystem::AtomicFile>(folder);
}

void make_copy(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  bool outlives = outlives_interruption(pass, task) && is_at_rest(task);
  chunked.copy = make_temporary(pass, task, outlives);
  filesystem::File& copy = chunked.copy->file();
  if (clone_source(pass, chunked, copy))
    chunked.fill = Fill::cloned;
  else if (clone_old(pass, chunked, copy))
    chunked.fill = Fill::patched;
  if (chunked.fill != Fill::written) return;
  if (outlives)
    begin_journal(pass, chunked);
  else if (chunked.has_holes)
    copy.resize(task.source.identity.size);
  // Worth a call where a full disk would be met late, or is known to be met.
  const bool is_large = task.source.identity.size > chunk_bytes;
  if (!chunked.has_holes && (is_large || pass.replica.room.is_short()))
    copy.reserve(task.source.identity.size);
}

// nullopt: it is not for us to open.
std::optional<filesystem::File> open_old_to_change(Pass& pass, const FileTask& task) {
  const auto folder = pass.handles.get(*task.folder);
  try {
    return open_changeable(pass, *folder, task.name);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) throw;
    return std::nullopt;
  }
}

// Whoever has it open would read what is written, or write to what it is from then on.
bool would_change_hands(Pass& pass, const FileTask& task, const filesystem::File& file, Entry now) {
  now.attributes = file.attributes();
  return changes_hands(now, task.source, difference(task.source, now, means_of(pass, task)));
}

// From here on its row proves nothing, whatever becomes of us: its data may reach the disk before
// its stamps do. False: it must be replaced.
bool change_in_place(Pass& pass, ChunkedFile& chunked, filesystem::File file) {
  const FileTask& task = chunked.file.task;
  const Entry now = file.look();
  if (now.kind != Kind::file || now.links > 1)
    throw SystemError("change in place", task.name, ESTALE);
  if (would_change_hands(pass, task, file, now)) return false;
  pass.memory.forget_now(*task.folder, task.name);
  if (now.identity.size != task.source.identity.size) file.resize(task.source.identity.size);
  chunked.in_place = std::move(file);
  chunked.fill = Fill::patched;
  return true;
}

}  // namespace

filesystem::File& copy_of(Pass& pass, ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  FileTask& task = chunked.file.task;
  if (!chunked.copy && !chunked.in_place) {
    touch(pass, *task.folder);
    std::optional<filesystem::File> old;
    if (task.in_place) old = open_old_to_change(pass, task);
    task.in_place = old && change_in_place(pass, chunked, std::move(*old));
    if (!task.in_place) make_copy(pass, chunked);
  }
  return chunked.in_place ? *chunked.in_place : chunked.copy->file();
}

}  // namespace syncline::engine
