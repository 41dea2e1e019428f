// SPDX-License-Identifier: MIT
#include "walk/list.h"

#include "content/partial.h"
#include "filesystem/own_names.h"
#include "filesystem/stamping.h"
#include "pass/admission.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/patience.h"
#include "pass/select.h"
#include "pass/step_sink.h"
#include "pass/unseen.h"
#include "replica/exceptions.h"
#include "replica/spelling.h"
#include "walk/moves.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

namespace syncline::engine {
namespace {

constexpr const char* lost_and_found = "lost+found";

Handles::View open_there(Pass& pass, Folder& folder) {
  if (!folder.parent) return pass.handles.view(folder);
  return pass.handles.open(pass.handles.view(*folder.parent), folder);
}

// But for the mode, where it was opened up just now: that is given back.
Entry as_found(const Folder& folder, const filesystem::OpenFolder& opened) {
  Entry now = opened.look();
  if (folder.touched && folder.destination) now.mode = folder.destination->mode;
  return now;
}

// At the root of a file system lost+found belongs to fsck: neither copied nor deleted.
filesystem::Listing without_lost_and_found(filesystem::Listing names, const Entry& seen) {
  if (seen.mount_root) names.remove(lost_and_found);
  return names;
}

// What the destination has under the reserved name counts as spoken for while names are compared,
// so that no other spelling of it is taken for it.
void reconcile_around_reserved(Pass& pass, Folder& folder,
                               const filesystem::OpenFolder& destination,
                               filesystem::Listing& source_names,
                               filesystem::Listing& destination_names, std::vector<Event>& events) {
  const bool is_there =
      has_reserved_name(folder) && destination_names.contains(filesystem::reserved_name);
  if (is_there) {
    source_names.add(filesystem::reserved_name);
    source_names.sort();
  }
  reconcile_spelling(pass, folder, destination, source_names, destination_names, events);
  if (!is_there) return;
  source_names.remove(filesystem::reserved_name);
  destination_names.remove(filesystem::reserved_name);
}

void meet(Pass& pass, const Folder& folder, FileId found, FileId other_root, Root other) {
  if (found == other_root)
    pass.brakes.abandon(
        {.code = RefusalCode::root_in_root, .root = other, .path = path_of(folder)});
}

std::shared_ptr<Unheld> unheld_of(const filesystem::Directory* there) {
  auto unheld = std::make_shared<Unheld>();
  unheld->clones = there == nullptr || !filesystem::may_share_blocks(*there);
  return unheld;
}

template <typename Side>
void note_file_system(FileSystems<Side>& known, const Side& here, bool is_of_same_mount) {
  if (!is_of_same_mount) known.note(here);
  if (here.stamping.rule == IdentityRule::size_and_mtime) known.note_weak();
}

void learn_source(Pass& pass, Folder& folder, const SourceFolder& found) {
  SourceSide& here = *folder.from;
  here.id = found.entry.identity.id;
  here.stamping = found.stamping;
  here.limits = found.limits;
  const bool is_on_same = folder.parent && folder.parent->from->id.device == here.id.device;
  note_file_system(pass.source_file_systems, here, is_on_same && !found.entry.mount_root);
}

// What stamps are worth changes at mount points alone.
void learn_destination(Pass& pass, Folder& folder, const Entry& seen,
                       const filesystem::OpenFolder& opened) {
  const filesystem::Directory* const there = opened.directory();
  ReplicaSide& here = folder.there;
  here.id = seen.identity.id;
  const bool is_on_same = folder.parent && folder.parent->there.id.device == here.id.device;
  const ReplicaSide* const above = is_on_same ? &folder.parent->there : nullptr;
  if (above != nullptr)
    here.stamping = above->stamping;
  else if (there != nullptr)
    here.stamping = filesystem::stamping_of(*there);
  here.unheld = above != nullptr ? above->unheld : unheld_of(there);
  note_file_system(pass.replica.file_systems, here, above != nullptr && !seen.mount_root);
  if (above == nullptr && there != nullptr)
    recall_file_system(pass, folder.exception.get(), *there, *here.unheld);
}

// A file system that is not mounted leaves an empty folder, or another one's content.
void require_mounted(const Pass& pass, const Folder& folder) {
  if (folder.has_row && folder.row.is_mount_point && !folder.source->mount_root &&
      !pass.terms.options.adopt)
    throw Refused(FailureCode::no_mount_point);
}

// A device has another number after it was mounted anew, so that alone makes no other folder.
bool is_as_remembered(const Folder& folder) {
  return folder.has_row && folder.row.source.inode == folder.source->identity.id.inode;
}

void note_row(Pass& pass, Folder& folder, std::int64_t born_ns, std::vector<index::Edit>& edits) {
  if (!pass.memory.is_usable()) return;
  // A pass that only tells proves nothing in what is not there; and its row could take the place of
  // one by which what was moved is found.
  const bool may_be_moved = pass.replica.moves != nullptr;
  if (pass.terms.options.read_to_decide && (may_be_moved || !folder.destination)) return;
  const FileId id = folder.source->identity.id;
  const bool is_mount_point = folder.parent && folder.source->mount_root;
  if (folder.has_row && folder.row.source == id && folder.row.is_mount_point == is_mount_point)
    return;
  folder.row.source = id;
  folder.row.is_mount_point = is_mount_point;
  folder.row.born_ns = born_ns;
  edits.emplace_back(
      index::edit::PutFolder{.parent = folder.parent ? folder.parent->row.key : index::no_row,
                             .name = folder.name,
                             .row = folder.row});
}

// As it is in this pass, which may have moved what was there when it was met.
void look_again(Pass& pass, Folder& folder) {
  if (pass.replica.moves == nullptr || !folder.parent) return;
  if (pass.replica.moves->count() == 0) return;
  folder.destination = pass.handles.view(*folder.parent)->look(folder.name);
  folder.supplants = folder.destination && folder.destination->kind != Kind::folder;
  if (!folder.supplants) return;
  folder.replaced = folder.destination->kind;
  folder.supplanted = precondition_of(*folder.destination);
  folder.destination.reset();
}

// The row of `folder`, and from where the destination had it before, the folder itself.
void meet_row(Pass& pass, Folder& folder, std::int64_t seen_born_ns, Listed& out) {
  if (!pass.memory.is_usable()) return;
  std::int64_t born_ns = folder.row.born_ns;
  if (is_as_remembered(folder)) {
    if (pass.replica.moves != nullptr) pass.replica.moves->meet(folder);
  } else {
    born_ns = seen_born_ns;
    if (pass.replica.moves != nullptr) {
      look_again(pass, folder);
      if (auto action = pass.replica.moves->bring(folder, born_ns))
        out.events.emplace_back(std::move(*action));
    }
  }
  note_row(pass, folder, born_ns, out.edits);
}

// Those that cannot be looked at are told of, and count as what they should be: nobody knows, and
// the folder's content is another matter.
void look_at_destination_attributes(const filesystem::OpenFolder& opened, Folder& folder,
                                    std::vector<Event>& events) {
  attempt(
      folder, {}, [&] { folder.destination->attributes = opened.attributes(); },
      [&](Failure failure) {
        failure.code = FailureCode::attributes_unreadable;
        events.emplace_back(std::move(failure));
        folder.destination->attributes = folder.source->attributes;
      });
}

/// What is being done; where it fails, what that means depends on it.
enum class Doing : std::uint8_t { open, look, create };

// A mount of the same file system counts too, which its device number cannot tell.
bool begins_another(const Pass& pass, const Folder& folder) {
  return pass.terms.options.one_file_system && folder.parent &&
         (folder.source->mount_root ||
          folder.source->identity.id.device != pass.terms.roots.source.device);
}

bool may_make(const Pass& pass, const Folder& folder) {
  return allowed(
             pass, [&] { return path_of(folder); }, [&] { return given(folder); })
      .has(folder.supplants ? Verb::replace : Verb::create);
}

// Created where it is missing; nullptr where that may not be.
Handles::View open_destination(Pass& pass, Folder& folder, Doing& doing,
                               std::vector<Event>& events) {
  if (!folder.came_along) look_again(pass, folder);
  const bool exists = folder.destination.has_value();
  if (!exists && !may_make(pass, folder)) {
    folder.has_row = false;  // what is remembered of its content is not gone
    return nullptr;
  }
  if (!exists) {
    doing = Doing::create;
    pass.replica.sink->make_folder(folder);
    folder.created = true;
    events.emplace_back(created_event(folder));
    doing = Doing::look;
  }
  auto destination = open_there(pass, folder);
  folder.destination = as_found(folder, *destination);
  look_at_destination_attributes(*destination, folder, events);
  folder.exception = pass.memory.exception_of(folder);
  learn_destination(pass, folder, *folder.destination, *destination);
  // Our own files come and go there, which moves its mtime for nobody's sake.
  if (exists && std::ranges::find(pass.terms.state_folders, folder.source->identity.id) !=
                    pass.terms.state_folders.end())
    folder.source->identity.mtime = folder.destination->identity.mtime;
  meet(pass, folder, folder.destination->identity.id, pass.terms.roots.source, Root::source);
  if (!pass.brakes.stopping()) pass.replica.sink->enter(folder, *destination);
  return destination;
}

// Nothing is listed on either side. To open it could mount something (autofs), or wait for a server
// that is gone.
void list_another(Pass& pass, Folder& folder, Doing& doing, Listed& out) {
  folder.from->id = folder.source->identity.id;
  note_row(pass, folder, 0, out.edits);
  folder.has_row = false;  // so that what is remembered of its content is not taken for gone
  folder.source->attributes = pass.source.attributes(*folder.parent, folder.name);
  pass.terms.adapt_attributes(folder, *folder.source);
  open_destination(pass, folder, doing, out.events);
}

// A birth is asked for if any of them needs it.
ListRequest request_for(std::span<const FolderRef> folders) {
  const Terms& terms = folders.front()->pass->terms;
  ListRequest request;
  if (terms.options.one_file_system) request.only_on = terms.roots.source.device;
  bool are_of_one_mind = true;
  for (const FolderRef& folder : folders) {
    if (!folder->pass->memory.is_usable()) continue;
    std::optional<std::uint64_t> inode;
    if (folder->has_row) inode = folder->row.source.inode;
    are_of_one_mind = are_of_one_mind && (!request.asks_birth || request.known_inode == inode);
    request.known_inode = inode;
    request.asks_birth = true;
  }
  if (!are_of_one_mind) request.known_inode.reset();
  return request;
}

/// What the source tells of a folder, which it is asked for once.
class AskedOnce {
 public:
  explicit AskedOnce(std::span<const FolderRef> folders) : folders_(folders) {}

  /// To each of them once. Throws SystemError.
  SourceFolder tell(Folder& folder) {
    if (folders_.size() == 1) return folder.pass->source.list(folder, request_for(folders_));
    ++told_;
    if (!found_ && !error_) ask(folder);
    if (error_) std::rethrow_exception(error_);
    if (told_ == folders_.size()) return std::move(*found_);
    return *found_;
  }

 private:
  void ask(Folder& folder) {
    try {
      found_ = folder.pass->source.list(folder, request_for(folders_));
    } catch (const filesystem::SystemError&) {
      error_ = std::current_exception();
    }
  }

  const std::span<const FolderRef> folders_;
  std::size_t told_ = 0;
  std::optional<SourceFolder> found_;
  std::exception_ptr error_;
};

void list_mirrored(Pass& pass, Folder& folder, AskedOnce& source, Doing& doing, Listed& out) {
  if (begins_another(pass, folder)) {
    list_another(pass, folder, doing, out);
    return;
  }
  auto found = source.tell(folder);
  doing = Doing::look;
  if (found.error) throw filesystem::SystemError{*found.error};
  folder.source = found.entry;
  pass.terms.adapt(folder, *folder.source);
  if (found.is_left_alone) {  // since it was met
    list_another(pass, folder, doing, out);
    return;
  }
  pass.terms.adapt_attributes(folder, *folder.source);
  learn_source(pass, folder, found);
  require_mounted(pass, folder);
  meet_row(pass, folder, found.born_ns, out);
  meet(pass, folder, folder.source->identity.id, pass.terms.roots.destination, Root::destination);
  auto source_names = without_lost_and_found(std::move(found.names), *folder.source);
  if (!folder.parent) source_names.remove(filesystem::reserved_name);
  select_source(pass, folder, source_names, out.events);

  if (pass.brakes.stopping()) return;
  const auto destination = open_destination(pass, folder, doing, out.events);
  if (!destination) return;
  filesystem::Listing destination_names =
      without_lost_and_found(destination->list(), *folder.destination);
  if (has_reserved_name(folder)) source_names.remove(filesystem::reserved_name);
  sort_out_partials(pass, folder, *destination, destination_names, out.events);
  reconcile_around_reserved(pass, folder, *destination, source_names, destination_names,
                            out.events);
  select_destination(pass, folder, *destination, source_names, destination_names);
  if (!folder.parent) pass.replica.is_first_copy = destination_names.size() == 0;
  if (!pass.brakes.stopping())
    folder.names = Merge{std::move(source_names), std::move(destination_names)};
}

void list_extraneous(Pass& pass, Folder& folder, Doing& doing) {
  const auto destination = open_there(pass, folder);
  doing = Doing::look;
  folder.destination = as_found(folder, *destination);
  folder.there.id = folder.destination->identity.id;
  if (folder.destination->mount_root) throw Refused(FailureCode::mount_point);
  meet(pass, folder, folder.destination->identity.id, pass.terms.roots.source, Root::source);
  if (pass.brakes.stopping()) return;
  auto names = destination->list();
  folder.holds_protected = select_extraneous(pass, folder, *destination, names);
  folder.names = Merge{{}, std::move(names)};
}

}  // namespace

Action created_event(const Folder& folder) {
  Reason why;
  if (folder.supplants) why = {ReasonCode::other_kind, folder.replaced.value_or(Kind::file)};
  return {.verb = folder.supplants ? Verb::replace : Verb::create,
          .kind = Kind::folder,
          .path = path_of(folder),
          .reason = why,
          .bytes = 0,
          .digest = {},
          .replaced = folder.replaced,
          .properties = properties_of(*folder.source),
          .given = given(folder)};
}

namespace {

// Else the source's folder of that name would be taken for its counterpart.
bool awaits_move(const Pass& pass, const Folder& folder) {
  return pass.replica.admission != nullptr && folder.role == Folder::Role::mirrored &&
         folder.destination && folder.parent &&
         pass.replica.admission->awaits_move(path_of(folder).whole(),
                                             folder.destination->identity.id);
}

Listed list_one(Folder& folder, AskedOnce& source, bool may_hold) {
  Pass& pass = *folder.pass;
  Listed out;
  if (folder.listed || pass.brakes.stopping()) return out;
  if (may_hold && awaits_move(pass, folder)) {
    out.is_held = true;
    return out;
  }
  folder.listed = true;
  Doing doing = Doing::open;
  const bool is_mirrored = folder.role == Folder::Role::mirrored;
  folder.usable = attempt(
      folder, {},
      [&] {
        if (is_mirrored)
          list_mirrored(pass, folder, source, doing, out);
        else
          list_extraneous(pass, folder, doing);
      },
      [&](Failure failure) {
        const bool is_held = doing == Doing::open && may_pass(failure.error_number);
        if (is_held && may_hold) {
          folder.listed = false;
          out.is_held = true;
          return;
        }
        if (is_held) explain_held(failure);
        if (failure.error_number == ENOENT && doing == Doing::open && is_mirrored) {
          failure.kind = FailureKind::vanished;
          failure.code = FailureCode::vanished_in_walk;
        } else if (doing == Doing::create) {
          // A folder that could not be made hides nothing; on a full disk deletions make the room.
          if (folder.parent)
            explain_taken_name(pass, *folder.parent, folder.name, failure, out.edits);
        } else {
          note_unseen(pass, folder, failure);
        }
        out.events.emplace_back(std::move(failure));
      });
  return out;
}

}  // namespace

std::vector<Listed> list(std::span<const FolderRef> folders, bool may_hold) {
  AskedOnce source{folders};
  std::vector<Listed> listed;
  listed.reserve(folders.size());
  for (const FolderRef& folder : folders) listed.push_back(list_one(*folder, source, may_hold));
  return listed;
}

Listed list(const FolderRef& folder, bool may_hold) {
  return std::move(list(std::span{&folder, 1}, may_hold).front());
}

}  // namespace syncline::engine
