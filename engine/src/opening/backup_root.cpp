// SPDX-License-Identifier: MIT
#include "opening/backup_root.h"

#include "filesystem/ancestors.h"
#include "filesystem/explained.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/process.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"
#include "filter/listed.h"
#include "model/wanted.h"

#include "syncline/mirror.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline {
namespace {

using engine::BackupRoot;
using filesystem::Directory;
using filesystem::SystemError;

[[noreturn]] void refuse(const std::string& path, RefusalCode code, std::string cause = {}) {
  throw Unusable(Status::root_unusable, {.code = code, .path = path, .cause = std::move(cause)});
}

void refuse_within_source(const std::string& path, const Directory& folder, const OpenRoots& roots,
                          const Options& options, const std::string& name = {}) {
  if (would_be_walked(options, roots.source, folder, name))
    refuse(path, RefusalCode::backup_in_source);
}

void refuse_elsewhere(const std::string& path, FileId folder, const OpenRoots& roots) {
  if (folder.device != roots.destination->look().identity.id.device)
    refuse(path, RefusalCode::backup_elsewhere);
}

// `names` lead to it from the destination on.
void refuse_reserved(const std::string& path, const std::vector<std::string>& names) {
  if (!names.empty() && names.front() == filesystem::reserved_name)
    refuse(path, RefusalCode::backup_reserved);
}

// What leads from the destination to `folder`; nullopt: it lies elsewhere.
std::optional<std::vector<std::string>> names_within(const Directory& destination,
                                                     const Directory& folder) {
  if (!filesystem::lies_within(folder, destination)) return std::nullopt;
  const std::string within = filesystem::canonical_path(destination);
  return filesystem::names_in(filesystem::canonical_path(folder).substr(within.size()));
}

// What lay in the destination is to be seen by those alone who may look in there once the pass is
// done, whatever the umask, and the default list of the new folder's parent, would have it.
Entry as_destination(const OpenRoots& roots, const Options& options) {
  const bool is_mirrored =
      options.metadata.mode && (!options.listed || filter::lists_root(*options.listed));
  const Directory& pattern = is_mirrored ? roots.source : *roots.destination;
  Entry like = pattern.look();
  like.attributes = pattern.attributes();
  if (is_mirrored) adapt(like, options.metadata);
  like.mode |= Privileges::all_of_owner;
  return like;
}

// nullopt: missing, and not to be made.
std::optional<Directory> open_or_make(const Directory& parent, const std::string& name,
                                      const OpenRoots& roots, const Options& options) {
  if (parent.look(name)) return parent.open_folder(name);
  if (options.dry_run) return std::nullopt;
  parent.make_folder(name);
  Directory made = parent.open_folder(name);
  made.set_metadata(as_destination(roots, options), {.mode = true, .acl = true});
  return made;
}

// Who could write to it could put an older program in the place of what is brought back. Where the
// destination is open to others, so may this be.
void refuse_open_to_others(const std::string& path, const Directory& folder,
                           const Directory& destination) {
  constexpr std::uint32_t writable = 022;
  Entry entry = folder.look();
  const Entry like = destination.look();
  const bool is_group_owner = filesystem::is_group_owner(folder.descriptor(), entry);
  entry.mode &= ~(like.mode & writable);
  if (const auto why = filesystem::why_others_could_write(
          entry, {.owners = {filesystem::privileges().user, 0, like.uid},
                  .group_is_owner = is_group_owner}))
    refuse(path, RefusalCode::backup_open_to_others, *why);
}

// Name by name, as every folder below a root is reached. One that would only be made has no handle.
BackupRoot open_within(const std::vector<std::string>& names, const OpenRoots& roots,
                       const Options& options) {
  BackupRoot root;
  std::optional<Directory> at = roots.destination->open_again();
  for (const std::string& name : names) {
    at = open_or_make(*at, name, roots, options);
    if (!at) return root;
    root.above.push_back(at->look().identity.id);
  }
  root.id = root.above.back();
  root.above.pop_back();
  root.folder = std::make_shared<const Directory>(std::move(*at));
  return root;
}

std::optional<Directory> open_elsewhere(const std::string& path, const OpenRoots& roots,
                                        const Options& options) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() != ENOENT) throw;
  }
  const auto [parent, name] = filesystem::split_path(path);
  const Directory above = Directory::open_root(parent);
  if (auto names = names_within(*roots.destination, above)) {
    names->push_back(name);
    refuse_reserved(path, *names);
  }
  refuse_within_source(path, above, roots, options, name);
  refuse_elsewhere(path, above.look().identity.id, roots);
  return open_or_make(above, name, roots, options);
}

// As rsync has it, a path that is not absolute begins at the destination. One that leads out of it
// is opened like an absolute one.
BackupRoot open_root(const std::string& folder, const OpenRoots& roots, const Options& options) {
  const Directory& destination = *roots.destination;
  const bool is_absolute = folder.starts_with('/');
  auto names = filesystem::names_in(folder);
  std::erase(names, ".");
  const bool leads_out = std::ranges::find(names, "..") != names.end();
  if (!is_absolute && !leads_out && !names.empty()) {
    refuse_reserved(folder, names);
    return open_within(names, roots, options);
  }
  const std::string path =
      is_absolute ? folder : filesystem::join_path(options.destination, folder);
  auto opened = open_elsewhere(path, roots, options);
  if (!opened) return {};
  const FileId id = opened->look().identity.id;
  if (const auto within = names_within(destination, *opened); within && !within->empty()) {
    refuse_reserved(path, *within);
    return open_within(*within, roots, options);
  }
  refuse_within_source(path, *opened, roots, options);
  if (filesystem::lies_within(destination, *opened))
    refuse(path, RefusalCode::backup_holds_destination);
  if (filesystem::lies_within(roots.source, *opened))
    refuse(path, RefusalCode::backup_holds_source);
  return {.folder = std::make_shared<const Directory>(std::move(*opened)), .id = id, .above = {}};
}

}  // namespace

std::unique_ptr<engine::Backups> open_backups(const Options& options, const OpenRoots& roots) {
  if (!options.backup) return nullptr;
  const auto& [path, suffix] = *options.backup;
  if (path.empty()) return std::make_unique<engine::Backups>(suffix, std::nullopt);
  if (!roots.destination) return nullptr;
  try {
    auto root = open_root(path, roots, options);
    if (root.folder) {
      refuse_elsewhere(path, root.id, roots);
      refuse_open_to_others(path, *root.folder, *roots.destination);
    }
    return std::make_unique<engine::Backups>(suffix, std::move(root));
  } catch (const SystemError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::backup_unusable,
                                           .path = path,
                                           .operation = error.operation(),
                                           .error_number = error.error_number(),
                                           .cause = filesystem::known_cause_of(error)});
  }
}

}  // namespace syncline
