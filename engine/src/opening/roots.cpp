// SPDX-License-Identifier: MIT
#include "opening/roots.h"

#include "filesystem/ancestors.h"
#include "filesystem/explained.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "filesystem/volume.h"
#include "filter/listed.h"
#include "filter/reach.h"
#include "filter/rules.h"
#include "model/wanted.h"
#include "opening/acquire.h"

#include "syncline/mirror.h"

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

namespace syncline {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

[[noreturn]] void refuse(Refusal why) {
  throw Unusable(Status::root_unusable, std::move(why));
}

// ENOTDIR is said of what lies on the way, too.
bool is_file(const std::string& path) {
  try {
    const auto [folder, name] = filesystem::split_path(path);
    const auto found = Directory::open_root(folder).look(name);
    return found && found->kind == Kind::file;
  } catch (const SystemError&) {
    return false;
  }
}

[[noreturn]] void refuse(Root which, const std::string& path, const SystemError& error) {
  Refusal why{.code = RefusalCode::root_unusable,
              .root = which,
              .path = path,
              .operation = error.operation(),
              .error_number = error.error_number(),
              .cause = filesystem::known_cause_of(error)};
  if (error.error_number() == ENOENT) why.code = RefusalCode::root_missing;
  if (error.error_number() == ENOTDIR) why.code = RefusalCode::root_is_no_folder;
  if (error.error_number() == ENOTDIR && is_file(path)) {
    why.code = RefusalCode::root_is_file;
    if (which == Root::source) why.allowance = Allowance::one_file;
  }
  refuse(std::move(why));
}

// nullopt where there is nothing of that name.
std::optional<Directory> try_open(Root which, const std::string& path) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() == ENOENT) return std::nullopt;
    refuse(which, path, error);
  }
}

void refuse_nested(const Options& options, const Directory& source, const Directory& destination) {
  if (source.look().identity.id == destination.look().identity.id)
    refuse({.code = RefusalCode::same_folder, .path = options.source});
  if (would_be_walked(options, source, destination))
    refuse({.code = RefusalCode::destination_in_source,
            .root = Root::destination,
            .path = options.destination,
            .other = options.source});
  if (filesystem::lies_within(source, destination))
    refuse({.code = RefusalCode::source_in_destination,
            .root = Root::source,
            .path = options.source,
            .other = options.destination});
}

// Of a source of which a list names all that is wanted, and of the parent of a destination, nothing
// has to be listed.
std::optional<Directory> try_open_to_enter(Root which, const std::string& path) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) return try_open(which, path);
  }
  try {
    return Directory::open_root_to_enter(path);
  } catch (const SystemError& error) {
    refuse(which, path, error);
  }
}

std::optional<Directory> try_open_destination(const Options& options,
                                              std::optional<ShutRoot>& shut) {
  try {
    return Directory::open_root(options.destination);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES || options.dry_run)
      return try_open(Root::destination, options.destination);
  }
  try {
    if (auto opened_up = ShutRoot::open_up(options.destination))
      shut.emplace(*std::move(opened_up));
  } catch (const SystemError& error) {
    refuse(Root::destination, options.destination, error);
  }
  return try_open(Root::destination, options.destination);
}

// A listing of its own: a handle's position serves one listing only.
bool is_empty(const std::string& path) {
  auto names = Directory::open_root(path).list();
  names.remove("lost+found");
  names.remove(filesystem::reserved_name);
  return names.size() == 0;
}

void refuse_unmounted(Root which, const std::string& path, const Directory& opened,
                      FileId expected) {
  if (opened.look().identity.id != expected && is_empty(path))
    refuse({.code = RefusalCode::root_not_mounted, .root = which, .path = path});
}

// A disk that is not mounted may be all that is missing, and nothing is made in its place.
void refuse_dangling(Root which, const std::string& path) {
  const auto [parent, name] = filesystem::split_path(path);
  if (name.empty() || name == "." || name == "..") return;
  const auto folder = try_open_to_enter(which, parent);
  const auto entry = folder ? folder->look(name) : std::nullopt;
  if (entry && entry->kind == Kind::symlink)
    refuse({.code = RefusalCode::root_is_link_to_nothing,
            .root = which,
            .path = path,
            .other = entry->target});
}

struct Parent {
  Directory folder;
  std::string name;  ///< that the destination shall have in it
};

Parent parent_of_destination(const Options& options, const Directory& source) {
  refuse_dangling(Root::destination, options.destination);
  const auto [path, name] = filesystem::split_path(options.destination);
  auto parent = try_open_to_enter(Root::parent_of_destination, path);
  if (!parent)
    refuse(
        {.code = RefusalCode::no_parent, .root = Root::destination, .path = options.destination});
  if (would_be_walked(options, source, *parent, name))
    refuse({.code = RefusalCode::destination_would_be_inside,
            .root = Root::destination,
            .path = options.destination,
            .other = options.source});
  return {std::move(*parent), name};
}

// Whether the last pass found it in the very folder where now it is not, and it was no mount point:
// then no disk is missing, but somebody has deleted it.
bool was_deleted(const Options& options, Observer& observer, const std::stop_token& stop,
                 const std::optional<IndexFile>& known, const Parent& parent) {
  const std::string place = filesystem::certain_id(parent.folder);
  if (options.expected_roots)
    return !place.empty() && options.expected_roots->destination_place == place;
  return known && known->lay_in(place, options, observer, stop);
}

[[noreturn]] void refuse_emptied(RefusalCode code, Root which, const std::string& path) {
  refuse({.code = code, .root = which, .path = path, .allowance = Allowance::adopt});
}

// What earlier passes know of these paths must fit what is there now: a disk that is not mounted
// looks like an empty folder, or like none at all.
void refuse_forgotten(const Options& options, const OpenRoots& roots, const IndexFile& known,
                      bool is_deleted) {
  if (options.restore) {
    if (known.knows_paths() && !known.knows_reverse())
      refuse({.code = RefusalCode::mirror_of_source,
              .root = Root::destination,
              .path = options.destination,
              .other = options.source,
              .allowance = Allowance::restore_other_way});
    return;
  }
  if (!known.knows_paths()) {
    if (known.knows_reverse() && !options.adopt)
      refuse({.code = RefusalCode::places_changed,
              .root = Root::source,
              .path = options.source,
              .other = options.destination,
              .allowance = Allowance::restore_or_adopt});
    return;
  }
  if (options.adopt) return;
  if (!roots.destination && !is_deleted)
    refuse_emptied(RefusalCode::destination_gone, Root::destination, options.destination);
  if (!known.knows_source(roots.pair.source_root, roots.pair.destination_root) &&
      is_empty(options.source))
    refuse_emptied(RefusalCode::root_emptied, Root::source, options.source);
  if (roots.destination && !known.knows_destination(roots.pair.destination_root) &&
      is_empty(options.destination))
    refuse_emptied(RefusalCode::root_emptied, Root::destination, options.destination);
}

// A power cut could take the new folder back, while an index on another disk remembers it: the next
// run would ask whether its disk is mounted. Not every file system can flush a folder.
void make_lasting(const Directory& parent) {
  try {
    parent.flush();
  } catch (const SystemError&) {
    return;
  }
}

// What is seen of the root before anything in it has its own.
std::uint32_t rights_of_root(const Options& options, const Directory& source) {
  constexpr std::uint32_t as_mkdir = 0777;
  if (options.listed && !filter::lists_root(*options.listed)) return as_mkdir;
  return rights_to_create(source.look(), options.metadata);
}

template <typename Try, typename Holder>
filesystem::TreeLock lock(const Options& options, Observer& observer, const std::stop_token& stop,
                          Try try_to, Holder holder) {
  return *acquire(options, observer, stop, try_to, [&] {
    return Occupied{.waiting = NoticeCode::waiting_for_destination,
                    .refusal = RefusalCode::destination_in_use,
                    .stopped = RefusalCode::stopped_waiting,
                    .path = options.destination,
                    .holder = holder()};
  });
}

// Nothing is made in a tree that another run is at work on. False where somebody else was faster.
bool create_destination(const Options& options, Observer& observer, const std::stop_token& stop,
                        const Parent& parent, OpenRoots& roots) {
  roots.created = true;
  if (options.dry_run) return true;
  const auto held = lock(
      options, observer, stop, [&] { return filesystem::TreeLock::try_lock_above(parent.folder); },
      [&] { return filesystem::TreeLock::holder_above(parent.folder); });
  try {
    parent.folder.make_folder(parent.name, rights_of_root(options, roots.source));
    roots.destination = parent.folder.open_folder(parent.name);
    if (options.flush) make_lasting(parent.folder);
  } catch (const SystemError& error) {
    if (error.error_number() == EEXIST) return false;
    refuse(Root::destination, options.destination, error);
  }
  roots.pair.destination_root = filesystem::lasting_id(*roots.destination);
  return true;
}

// nullopt: somebody made the destination meanwhile, so that all has to be looked at once more.
std::optional<OpenRoots> try_open_checked(const Options& options, Observer& observer,
                                          const std::stop_token& stop) {
  auto source = options.listed ? try_open_to_enter(Root::source, options.source)
                               : try_open(Root::source, options.source);
  if (!source) {
    refuse_dangling(Root::source, options.source);
    refuse({.code = RefusalCode::root_missing, .root = Root::source, .path = options.source});
  }
  std::optional<ShutRoot> shut;
  auto destination = try_open_destination(options, shut);
  OpenRoots roots{.source = std::move(*source),
                  .destination = std::move(destination),
                  .shut = std::move(shut),
                  .created = false,
                  .lock = {},
                  .index_file = {},
                  .notices = {},
                  .pair = {}};
  std::optional<Parent> parent;
  if (roots.destination)
    refuse_nested(options, roots.source, *roots.destination);
  else
    parent = parent_of_destination(options, roots.source);
  if (options.expected_roots) {
    refuse_unmounted(Root::source, options.source, roots.source, options.expected_roots->source);
    if (roots.destination)
      refuse_unmounted(Root::destination, options.destination, *roots.destination,
                       options.expected_roots->destination);
  }
  roots.pair.source = filesystem::canonical_path(roots.source);
  roots.pair.source_root = filesystem::lasting_id(roots.source);
  roots.pair.source_volume = filesystem::volume_of(roots.source);
  roots.pair.destination =
      roots.destination
          ? filesystem::canonical_path(*roots.destination)
          : filesystem::join_path(filesystem::canonical_path(parent->folder), parent->name);
  if (roots.destination) roots.pair.destination_root = filesystem::lasting_id(*roots.destination);
  roots.index_file =
      IndexFile::find(options, roots.pair.source, roots.pair.destination, observer, stop);
  const bool is_known = roots.index_file && roots.index_file->knows_paths();
  // Who remembers it now may be another run, which has made it since.
  if (!roots.destination && is_known && try_open(Root::destination, options.destination))
    return std::nullopt;
  const bool is_deleted =
      !roots.destination && was_deleted(options, observer, stop, roots.index_file, *parent);
  if (!roots.destination && !options.create_destination && !is_deleted)
    refuse({.code = RefusalCode::destination_gone_in_loop,
            .root = Root::destination,
            .path = options.destination});
  if (roots.index_file) refuse_forgotten(options, roots, *roots.index_file, is_deleted);
  if (is_deleted)
    roots.notices.push_back(
        {.path = {}, .code = NoticeCode::destination_made_anew, .name = options.destination});
  if (!roots.destination && !create_destination(options, observer, stop, *parent, roots))
    return std::nullopt;
  if (!options.dry_run)
    roots.lock = lock(
        options, observer, stop, [&] { return filesystem::TreeLock::try_lock(*roots.destination); },
        [&] { return filesystem::TreeLock::holder(*roots.destination); });
  if (roots.lock && !roots.lock->passed_over().empty())
    roots.notices.push_back({.path = {},
                             .code = NoticeCode::lock_passed_over,
                             .name = options.destination,
                             .cause = roots.lock->passed_over()});
  return roots;
}

OpenRoots open_checked(const Options& options, Observer& observer, const std::stop_token& stop) {
  constexpr int most_looks = 10;
  for (int look = 0; look < most_looks; ++look)
    if (auto roots = try_open_checked(options, observer, stop)) return std::move(*roots);
  refuse({.code = RefusalCode::destination_unsteady,
          .root = Root::destination,
          .path = options.destination});
}

}  // namespace

bool would_be_walked(const Options& options, const Directory& source, const Directory& folder,
                     const std::string& name) {
  if (!filesystem::lies_within(folder, source)) return false;
  if (options.one_file_system &&
      folder.look().identity.id.device != source.look().identity.id.device)
    return false;
  const std::string root = filesystem::canonical_path(source);
  const std::string path = filesystem::canonical_path(folder);
  const bool is_below_by_path = root == "/" || path.starts_with(root + '/') || path == root;
  if (root.empty() || !is_below_by_path) return true;  // a bind mount: no name says how it is met
  std::vector<std::string> names = filesystem::names_in(path.substr(root.size()));
  if (!name.empty()) names.push_back(name);
  const auto listed =
      options.listed ? filter::Listed::build(*options.listed, options.recurse_listed) : nullptr;
  return filter::reaches(filter::Rules{options.filters}, filter::Wanted{listed.get()}, root, names);
}

OpenRoots open_roots(const Options& options, Observer& observer, const std::stop_token& stop) {
  try {
    return open_checked(options, observer, stop);
  } catch (const SystemError& error) {
    refuse({.code = RefusalCode::roots_unusable,
            .root = Root::source,
            .path = options.source,
            .other = options.destination,
            .operation = error.operation(),
            .error_number = error.error_number(),
            .cause = filesystem::known_cause_of(error)});
  }
}

}  // namespace syncline
