// SPDX-License-Identifier: MIT
#include "stages/links.h"

#include "filesystem/atomic_file.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "stages/compare.h"
#include "stages/failures.h"
#include "stages/touch.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::stages {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

/// A name and the open folder that it is in.
struct Place {
  Handles::Handle folder;
  std::string name;
};

// Name by name, as every folder below a root is reached.
Place open_beneath(const Handles::Handle& root, std::string_view path) {
  std::vector<std::string> names = filesystem::names_in(path);
  Place place{.folder = root, .name = std::move(names.back())};
  names.pop_back();
  for (const std::string& name : names)
    place.folder = std::make_shared<const Directory>(place.folder->open_folder(name));
  return place;
}

// Another file system, or one without hard links.
bool means_cannot_link(int error_number) {
  return error_number == EXDEV || error_number == EPERM || error_number == EOPNOTSUPP ||
         error_number == ENOSYS;
}

const std::string link_operation = "link to";

}  // namespace

void end_leader(Pass& pass, Folder& folder, const std::string& name, FileId source,
                const Identity& destination, bool has_proof, const std::string& temporary) {
  pass.links.end(source, {.path = path_of(folder, name),
                          .temporary = temporary,
                          .destination = destination,
                          .row = {.folder = folder.row.key, .name = name},
                          .has_proof = has_proof});
}

bool holds_links(Pass& pass, Folder& folder) {
  const auto& unheld = folder.side(Side::destination).unheld;
  if (!unheld || pass.options.dry_run || unheld->links_tried) return !unheld || !unheld->links;
  touch(pass, folder);
  const auto directory = pass.handles.get(folder, Side::destination);
  filesystem::AtomicFile file{directory};
  const std::string one = file.finish();
  const std::string other = filesystem::temporary_name();
  try {
    directory->link(one, *directory, other);
    filesystem::discard_temporary(*directory, other);
  } catch (const SystemError& error) {
    unheld->links = means_cannot_link(error.error_number());
  }
  filesystem::discard_temporary(*directory, one);
  unheld->links_tried = true;
  return !unheld->links;
}

void note_follower(Pass& pass, Folder& folder, const std::string& name, const Entry& source) {
  pass.links.note_follower({.source = source.identity.id,
                            .folder = pass.late_key(folder),
                            .row = {.folder = folder.row.key, .name = name},
                            .kind = source.kind});
}

/// The followers of one inode, at work.
class LinkWork::Group {
 public:
  Group(Pass& pass, LateFolders& folders, std::span<const index::Follower> followers, Outcome& out)
      : pass_(pass), folders_(folders), followers_(followers), out_(out) {}

  void link() {
    const auto found = pass_.links.leader(followers_.front().source);
    if (!found) {  // what became of it was told
      lead_anew(followers_);
      return;
    }
    leader_ = *found;
    if (!attempt_on(followers_.front(), [&] { find_leader(); })) return;
    const auto begin = std::chrono::steady_clock::now();
    std::vector<const index::Follower*> linked;
    for (std::size_t i = 0; i < followers_.size() && !pass_.stopping(); ++i) {
      const Linked result = link_one(followers_[i]);
      ++pass_.totals.linked;
      if (result == Linked::yes) linked.push_back(&followers_[i]);
      if (result == Linked::cannot) copy(followers_[i], false);
      if (result != Linked::leader_is_full) continue;
      lead_anew(followers_.subspan(i));
      break;
    }
    // Short enough for nobody to write to it and put its mtime back meanwhile.
    const bool was_short =
        std::chrono::steady_clock::now() - begin < std::chrono::nanoseconds(clock_tick_ns);
    note_links(linked, was_short);
  }

 private:
  enum class Linked : std::uint8_t { yes, no, cannot, leader_is_full };

  // Throws SystemError.
  void find_leader() {
    place_ = open_beneath(folders_.root_handle(), leader_.path);
    if (!leader_.temporary.empty()) place_.name = leader_.temporary;
    const auto now = place_.folder->look(place_.name);
    if (!now || now->identity.id != leader_.destination.id)
      throw SystemError("link to '" + leader_.path + "', which somebody changed", "", ESTALE);
    has_proof_ = leader_.has_proof && now->identity == leader_.destination;
  }

  // What fails is told of `follower`.
  template <typename Work>
  bool attempt_on(const index::Follower& follower, Work work) {
    return attempt(*folders_.at(follower.folder), follower.row.name, std::move(work),
                   [&](Failure failure) { out_.events.emplace_back(std::move(failure)); });
  }

  Linked link_one(const index::Follower& follower) {
    const FolderRef folder = folders_.at(follower.folder);
    Linked result = Linked::no;
    attempt(
        *folder, follower.row.name,
        [&] {
          if (is_still_in_source(follower, *folder)) result = put_link(follower, *folder);
        },
        [&](Failure failure) {
          if (failure.operation == link_operation && failure.error_number == EMLINK)
            result = Linked::leader_is_full;
          else if (failure.operation == link_operation && means_cannot_link(failure.error_number))
            result = Linked::cannot;
          else
            out_.events.emplace_back(std::move(failure));
        });
    return result;
  }

  bool is_still_in_source(const index::Follower& follower, Folder& folder) {
    const auto now = pass_.handles.get(folder, Side::source)->look(follower.row.name);
    if (now && now->identity.id == follower.source) {
      source_ = *now;
      return true;
    }
    out_.events.emplace_back(failure_of(path_of(folder, follower.row.name),
                                        now ? FailureKind::changed : FailureKind::vanished,
                                        now ? "is another file than when it was walked: not linked"
                                            : "went away before it was linked"));
    return false;
  }

  Linked put_link(const index::Follower& follower, Folder& folder) {
    const std::string& name = follower.row.name;
    const auto directory = pass_.handles.get(folder, Side::destination);
    const auto now = directory->look(name);
    if (now && now->identity.id == leader_.destination.id) return Linked::yes;
    touch(pass_, folder);
    if (!now) {
      place_.folder->link(place_.name, *directory, name);
      tell(follower, folder, Verb::create, now);
      return Linked::yes;
    }
    const std::string temporary = filesystem::temporary_name();
    place_.folder->link(place_.name, *directory, temporary);
    try {
      if (now->kind == Kind::folder) {
        pass_.late.note_replacement({.folder = follower.folder,
                                     .name = name,
                                     .temporary = temporary,
                                     .kind = follower.kind,
                                     .bytes = 0});
        return Linked::no;  // told of when it takes its place
      }
      pass_.keep_backup(folder, name);
      directory->rename(temporary, name);
    } catch (const std::exception&) {
      filesystem::discard_temporary(*directory, temporary);
      throw;
    }
    tell(follower, folder, now->kind == follower.kind ? Verb::update : Verb::replace, now);
    return Linked::yes;
  }

  void tell(const index::Follower& follower, Folder& folder, Verb verb,
            const std::optional<Entry>& replaced) {
    Action action{.verb = verb,
                  .kind = follower.kind,
                  .path = path_of(folder, follower.row.name),
                  .reason = link_reason(leader_.path),
                  .bytes = 0,
                  .digest = {},
                  .properties = properties_of(source_),
                  .target = source_.target,
                  .link_of = leader_.path};
    if (verb == Verb::update)
      action.difference = difference_between(source_, *replaced, pass_.means(folder));
    else if (replaced)
      action.replaced = replaced->kind;
    out_.events.emplace_back(std::move(action));
  }

  // What is remembered of the leader holds for its stamps after the last link, and for all names.
  void note_links(const std::vector<const index::Follower*>& linked, bool was_short) {
    if (linked.empty()) return;
    std::optional<Entry> now;
    try {
      now = place_.folder->look(place_.name);
    } catch (const SystemError&) {
      return;  // proved by the next pass
    }
    if (!now) return;
    Identity as_left = leader_.destination;
    as_left.ctime = now->identity.ctime;
    has_proof_ = has_proof_ && was_short && now->identity == as_left;
    leader_.destination = now->identity;
    leader_.has_proof = has_proof_;
    pass_.links.end(linked.front()->source, leader_);
    if (!has_proof_ || leader_.row.folder == index::no_row || !pass_.has_index()) return;
    pass_.note_stamp(now->identity.ctime);
    out_.edits.emplace_back(index::edit::MoveDestination{
        .folder = leader_.row.folder, .name = leader_.row.name, .destination = now->identity});
    for (const index::Follower* follower : linked)
      out_.edits.emplace_back(index::edit::CopyFile{.from_folder = leader_.row.folder,
                                                    .from_name = leader_.row.name,
                                                    .folder = follower->row.folder,
                                                    .name = follower->row.name});
  }

  // The first of `rest` is copied, the others wait for it.
  void lead_anew(std::span<const index::Follower> rest) {
    for (const index::Follower& follower : rest.subspan(1)) pass_.links.note_follower(follower);
    copy(rest.front(), true);
  }

  void copy(const index::Follower& follower, bool leads) {
    attempt_on(follower, [&] {
      const FolderRef folder = folders_.at(follower.folder);
      if (!is_still_in_source(follower, *folder)) return;
      pass_.unkept.add(Aspect::hard_link, *folder, follower.row.name);
      if (follower.kind != Kind::file)
        throw std::runtime_error("could not be linked to its other names");
      FileTask task = task_for(follower, folder);
      task.leads = leads;
      ++folder->pending;
      out_.leaders.push_back(std::move(task));
    });
  }

  FileTask task_for(const index::Follower& follower, const FolderRef& folder) {
    const std::string& name = follower.row.name;
    auto source = pass_.handles.get(*folder, Side::source)->look(name);
    if (!source) throw SystemError("stat", name, ENOENT);
    pass_.adapt(*source);
    FileTask task{.folder = folder,
                  .name = name,
                  .source = *source,
                  .destination = {},
                  .reason = "new",
                  .known = {}};
    const auto now = pass_.handles.get(*folder, Side::destination)->look(name);
    if (!now) return task;
    if (now->kind == Kind::file)
      task.difference = difference_between(*source, *now, pass_.means(*folder));
    else
      task.replaced = now->kind;
    task.verb = now->kind == Kind::file ? Verb::update : Verb::replace;
    task.reason = "linked elsewhere";
    task.displaces = now->kind == Kind::folder;
    return task;
  }

  Pass& pass_;
  LateFolders& folders_;
  const std::span<const index::Follower> followers_;
  Outcome& out_;
  index::Leader leader_;
  Place place_;
  Entry source_;  ///< of the follower at hand
  bool has_proof_ = false;
};

std::string link_reason(const std::string& first) {
  return "hard link of '" + first + "'";
}

LinkWork::Outcome LinkWork::link(const std::vector<index::Follower>& followers) {
  Outcome out;
  for (auto begin = followers.begin(); begin != followers.end();) {
    const auto end = std::find_if(begin, followers.end(), [&](const index::Follower& follower) {
      return follower.source != begin->source;
    });
    if (!pass_.stopping()) Group{pass_, folders_, {begin, end}, out}.link();
    begin = end;
  }
  return out;
}

}  // namespace syncline::stages
