// SPDX-License-Identifier: MIT
#include "opening/roots.h"

#include "filesystem/ancestors.h"
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
#include <string_view>
#include <vector>

namespace syncline {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

[[noreturn]] void refuse(const std::string& why) {
  throw Unusable(Status::root_unusable, why);
}

std::string quoted(const std::string& path) {
  return "'" + path + "'";
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

std::string describe(const char* which, const std::string& path, const SystemError& error) {
  const std::string subject = std::string(which) + ' ' + quoted(path);
  if (error.error_number() == ENOENT) return subject + " does not exist";
  if (error.error_number() == ENOTDIR && is_file(path))
    return subject + " is a file, not a folder" +
           (std::string_view(which) == "source"
                ? ": to mirror it alone, name its folder and say --include=/" +
                      filesystem::split_path(path).name + " --exclude='*', or use cp"
                : "");
  if (error.error_number() == ENOTDIR) return subject + " is not a folder";
  return subject + " cannot be used: could not " + error.operation() + ": " +
         error.code().message();
}

// nullopt where there is nothing of that name.
std::optional<Directory> try_open(const char* which, const std::string& path) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() == ENOENT) return std::nullopt;
    refuse(describe(which, path, error));
  }
}

void refuse_nested(const Options& options, const Directory& source, const Directory& destination) {
  if (source.look().identity.id == destination.look().identity.id)
    refuse("source and destination are the same folder: " + quoted(options.source));
  if (would_be_walked(options, source, destination))
    refuse("destination " + quoted(options.destination) + " lies inside the source " +
           quoted(options.source) + ": choose one outside it");
  if (filesystem::lies_within(source, destination))
    refuse("source " + quoted(options.source) + " lies inside the destination " +
           quoted(options.destination) + ": it would be overwritten");
}

// Of a source of which a list names all that is wanted, and of the parent of a destination, nothing
// has to be listed.
std::optional<Directory> try_open_to_enter(const char* which, const std::string& path) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) return try_open(which, path);
  }
  try {
    return Directory::open_root_to_enter(path);
  } catch (const SystemError& error) {
    refuse(describe(which, path, error));
  }
}

std::optional<Directory> try_open_destination(const Options& options,
                                              std::optional<ShutRoot>& shut) {
  try {
    return Directory::open_root(options.destination);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES || options.dry_run)
      return try_open("destination", options.destination);
  }
  try {
    if (auto opened_up = ShutRoot::open_up(options.destination))
      shut.emplace(*std::move(opened_up));
  } catch (const SystemError& error) {
    refuse(describe("destination", options.destination, error));
  }
  return try_open("destination", options.destination);
}

// A listing of its own: a handle's position serves one listing only.
bool is_empty(const std::string& path) {
  auto names = Directory::open_root(path).list();
  names.remove("lost+found");
  names.remove(filesystem::reserved_name);
  return names.size() == 0;
}

void refuse_unmounted(const char* which, const std::string& path, const Directory& opened,
                      FileId expected) {
  if (opened.look().identity.id != expected && is_empty(path))
    refuse(std::string(which) + ' ' + quoted(path) +
           " is empty and not the folder it was in the last pass: is its disk mounted?");
}

// A disk that is not mounted may be all that is missing, and nothing is made in its place.
void refuse_dangling(const char* which, const std::string& path) {
  const auto [parent, name] = filesystem::split_path(path);
  if (name.empty() || name == "." || name == "..") return;
  const auto folder = try_open_to_enter(which, parent);
  const auto entry = folder ? folder->look(name) : std::nullopt;
  if (entry && entry->kind == Kind::symlink)
    refuse(std::string(which) + ' ' + quoted(path) + " is a symbolic link to " +
           quoted(entry->target) + ", and nothing is there: is its disk mounted?");
}

struct Parent {
  Directory folder;
  std::string name;  ///< that the destination shall have in it
};

Parent parent_of_destination(const Options& options, const Directory& source) {
  refuse_dangling("destination", options.destination);
  const auto [path, name] = filesystem::split_path(options.destination);
  auto parent = try_open_to_enter("the parent folder of the destination,", path);
  if (!parent)
    refuse("destination " + quoted(options.destination) +
           " cannot be created: its parent folder does not exist");
  if (would_be_walked(options, source, *parent, name))
    refuse("destination " + quoted(options.destination) + " would lie inside the source " +
           quoted(options.source) + ": choose one outside it");
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

// What earlier passes know of these paths must fit what is there now: a disk that is not mounted
// looks like an empty folder, or like none at all.
void refuse_forgotten(const Options& options, const OpenRoots& roots, const IndexFile& known,
                      bool is_deleted) {
  if (options.restore) {
    if (known.knows_paths() && !known.knows_reverse())
      refuse(quoted(options.destination) + " is known as the mirror of " + quoted(options.source) +
             ": to bring files back from it, name it first: --restore " +
             quoted(options.destination) + ' ' + quoted(options.source));
    return;
  }
  const std::string begin_anew = " To begin anew with it, say --adopt";
  if (!known.knows_paths()) {
    if (known.knows_reverse() && !options.adopt)
      refuse("source and destination have changed places: " + quoted(options.source) +
             " is known as the mirror of " + quoted(options.destination) +
             ". To bring files back from it, deleting nothing, say --restore; to mirror this way "
             "round from now on, say --adopt");
    return;
  }
  if (options.adopt) return;
  if (!roots.destination && !is_deleted)
    refuse("destination " + quoted(options.destination) +
           " is known and now is gone: is its disk mounted?" + begin_anew);
  if (!known.knows_source(roots.pair.source_root, roots.pair.destination_root) &&
      is_empty(options.source))
    refuse("source " + quoted(options.source) +
           " is empty and not the folder it was: is its disk mounted?" + begin_anew);
  if (roots.destination && !known.knows_destination(roots.pair.destination_root) &&
      is_empty(options.destination))
    refuse("destination " + quoted(options.destination) +
           " is empty and not the folder it was: is its disk mounted?" + begin_anew);
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
    return "destination " + quoted(options.destination) + " is in use by another run (" + holder() +
           ')';
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
    refuse(describe("destination", options.destination, error));
  }
  roots.pair.destination_root = filesystem::lasting_id(*roots.destination);
  return true;
}

// nullopt: somebody made the destination meanwhile, so that all has to be looked at once more.
std::optional<OpenRoots> try_open_checked(const Options& options, Observer& observer,
                                          const std::stop_token& stop) {
  auto source = options.listed ? try_open_to_enter("source", options.source)
                               : try_open("source", options.source);
  if (!source) {
    refuse_dangling("source", options.source);
    refuse("source " + quoted(options.source) + " does not exist");
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
    refuse_unmounted("source", options.source, roots.source, options.expected_roots->source);
    if (roots.destination)
      refuse_unmounted("destination", options.destination, *roots.destination,
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
  if (!roots.destination && is_known && try_open("destination", options.destination))
    return std::nullopt;
  const bool is_deleted =
      !roots.destination && was_deleted(options, observer, stop, roots.index_file, *parent);
  if (!roots.destination && !options.create_destination && !is_deleted)
    refuse("destination " + quoted(options.destination) +
           " is gone: nothing is created in its place, since its disk may not be mounted");
  if (roots.index_file) refuse_forgotten(options, roots, *roots.index_file, is_deleted);
  if (is_deleted)
    roots.notices.push_back("destination " + quoted(options.destination) +
                            " was deleted since the last pass: it is made anew");
  if (!roots.destination && !create_destination(options, observer, stop, *parent, roots))
    return std::nullopt;
  if (!options.dry_run)
    roots.lock = lock(
        options, observer, stop, [&] { return filesystem::TreeLock::try_lock(*roots.destination); },
        [&] { return filesystem::TreeLock::holder(*roots.destination); });
  if (roots.lock && !roots.lock->passed_over().empty())
    roots.notices.push_back("destination " + quoted(options.destination) + " is locked by " +
                            roots.lock->passed_over() +
                            ": passed over, since only your own locks and root's count");
  return roots;
}

OpenRoots open_checked(const Options& options, Observer& observer, const std::stop_token& stop) {
  constexpr int most_looks = 10;
  for (int look = 0; look < most_looks; ++look)
    if (auto roots = try_open_checked(options, observer, stop)) return std::move(*roots);
  refuse("destination " + quoted(options.destination) +
         " comes and goes while it is looked at: see who else is at work on it");
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
    refuse("source " + quoted(options.source) + " or destination " + quoted(options.destination) +
           " cannot be used: could not " + error.operation() + ": " + error.code().message());
  }
}

}  // namespace syncline
