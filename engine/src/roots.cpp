// SPDX-License-Identifier: MIT
#include "roots.h"

#include "filesystem/ancestors.h"
#include "filesystem/system_error.h"

#include "syncline/mirror.h"

#include <algorithm>
#include <cerrno>
#include <string>

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

std::string describe(const char* which, const std::string& path, const SystemError& error) {
  const std::string subject = std::string(which) + ' ' + quoted(path);
  if (error.error_number() == ENOENT) return subject + " does not exist";
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

struct ParentAndName {
  std::string parent;
  std::string name;
};

ParentAndName split(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

// By climbing, which sees through symlinks, and by the place within the file system, which sees
// through bind mounts.
bool lies_within(const Directory& inner, const Directory& outer) {
  const FileId id = outer.look().identity.id;
  for (const auto& above : filesystem::self_and_ancestors(inner))
    if (filesystem::identify(above.get()) == id) return true;
  const auto inner_place = filesystem::locate(inner);
  const auto outer_place = filesystem::locate(outer);
  return inner_place && outer_place && filesystem::is_within(*inner_place, *outer_place);
}

void refuse_nested(const Options& options, const Directory& source, const Directory& destination) {
  if (source.look().identity.id == destination.look().identity.id)
    refuse("source and destination are the same folder: " + quoted(options.source));
  if (lies_within(destination, source))
    refuse("destination " + quoted(options.destination) + " lies inside the source " +
           quoted(options.source) + ": choose one outside it");
  if (lies_within(source, destination))
    refuse("source " + quoted(options.source) + " lies inside the destination " +
           quoted(options.destination) + ": it would be overwritten");
}

// A listing of its own: a handle's position serves one listing only.
bool is_empty(const std::string& path) {
  auto names = Directory::open_root(path).list();
  names.remove("lost+found");
  return names.size() == 0;
}

void refuse_unmounted(const char* which, const std::string& path, const Directory& opened,
                      FileId expected) {
  if (opened.look().identity.id != expected && is_empty(path))
    refuse(std::string(which) + ' ' + quoted(path) +
           " is empty and not the folder it was in the last pass: is its disk mounted?");
}

std::optional<Directory> create_destination(const Options& options, const Directory& source) {
  if (!options.create_destination)
    refuse("destination " + quoted(options.destination) +
           " is gone: nothing is created in its place, since its disk may not be mounted");
  const auto [parent_path, name] = split(options.destination);
  const auto parent = try_open("the parent folder of the destination,", parent_path);
  if (!parent)
    refuse("destination " + quoted(options.destination) +
           " cannot be created: its parent folder does not exist");
  if (lies_within(*parent, source))
    refuse("destination " + quoted(options.destination) + " would lie inside the source " +
           quoted(options.source) + ": choose one outside it");
  if (options.dry_run) return std::nullopt;
  try {
    parent->make_folder(name);
    return parent->open_folder(name);
  } catch (const SystemError& error) {
    refuse(describe("destination", options.destination, error));
  }
}

OpenRoots open_checked(const Options& options) {
  auto source = try_open("source", options.source);
  if (!source) refuse("source " + quoted(options.source) + " does not exist");
  auto destination = try_open("destination", options.destination);
  if (destination) refuse_nested(options, *source, *destination);
  if (options.expected_roots) {
    refuse_unmounted("source", options.source, *source, options.expected_roots->source);
    if (destination)
      refuse_unmounted("destination", options.destination, *destination,
                       options.expected_roots->destination);
  }
  const bool create = !destination;
  if (create) destination = create_destination(options, *source);

  OpenRoots roots{std::move(*source), std::move(destination), create, {}};
  if (options.dry_run) return roots;
  roots.lock = filesystem::TreeLock::try_lock(*roots.destination);
  if (!roots.lock)
    throw Unusable(Status::busy, "destination " + quoted(options.destination) +
                                     " is in use by another run (" +
                                     filesystem::TreeLock::holder(*roots.destination) +
                                     "): wait until that has ended");
  return roots;
}

}  // namespace

OpenRoots open_roots(const Options& options) {
  try {
    return open_checked(options);
  } catch (const SystemError& error) {
    refuse("source " + quoted(options.source) + " or destination " + quoted(options.destination) +
           " cannot be used: could not " + error.operation() + ": " + error.code().message());
  }
}

}  // namespace syncline
