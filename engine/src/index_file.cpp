// SPDX-License-Identifier: MIT
#include "index_file.h"

#include "acquire.h"
#include "filesystem/ancestors.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "index/schema.h"
#include "md5/md5.h"
#include "stages/clock.h"

#include "syncline/mirror.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace syncline {
namespace {

using filesystem::Directory;
using filesystem::SystemError;
using index::SqliteError;

constexpr const char* extension = ".index";
constexpr const char* aside_extension = ".set-aside";
constexpr const char* lock_extension = "-lock";
// Disks that take turns; what is older has been forgotten by its owner too.
constexpr std::size_t most_roots_remembered = 8;

constexpr const char* ways_out =
    "; name another place with --index=FILE, or do without with --no-index";

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Unusable(Status::files_unusable, "the index '" + path + "' " + why);
}

std::string hash(const std::string& text, std::size_t digits) {
  return to_string(Digest{.md5 = md5::of(std::as_bytes(std::span{text})), .chunks = 1})
      .substr(0, digits);
}

std::string hash_of_paths(const std::string& source, const std::string& destination) {
  return hash(source + '\0' + destination, 16);
}

constexpr std::size_t root_digits = 8;

std::string hash_of_root(const std::string& root) {
  return hash(root, root_digits);
}

// The file's name without what tells the destination.
std::string prefix_of(const std::string& source, const std::string& destination) {
  return hash_of_paths(source, destination) + '-';
}

// Whether `name` is that of an index for the paths of `prefix`.
bool is_index_of(const std::string& prefix, std::string_view name) {
  return name.size() == prefix.size() + root_digits + std::string_view{extension}.size() &&
         name.starts_with(prefix) && name.ends_with(extension);
}

std::int64_t now_s() {
  return stages::to_seconds(stages::now_ns());
}

std::string reason(const SystemError& error) {
  return "cannot be used: could not " + error.operation() + ": " + error.code().message();
}

// Neither the file nor its folder may be one that others can write to.
void require_private(const std::string& path, const std::string& what, const Entry& entry) {
  if (const auto why = filesystem::why_not_private(entry))
    refuse(path, "cannot be trusted, since others could forge proofs in it: " + what + ' ' + *why +
                     ways_out);
}

index::Kin kin_of(const Directory& folder, const std::string& name) {
  std::array<std::byte, index::head_bytes> head{};
  const std::size_t bytes = folder.open_file(name).read(head, 0);
  return index::kin_of(std::span(head).first(bytes));
}

// True: the file is there, and it is an index as far as its head tells, or empty.
bool check_file(const Directory& folder, const std::string& name, const std::string& path) {
  const auto entry = folder.look(name);
  if (!entry) return false;
  require_private(path, "it", *entry);
  if (kin_of(folder, name) == index::Kin::foreign)
    refuse(
        path,
        "is not an index of Syncline's: it is left untouched. Move it away, or name another file "
        "with --index=FILE");
  return true;
}

void check_folder(const Directory& folder, const std::string& path) {
  require_private(path, "its folder", folder.look());
  if (filesystem::is_remote(folder))
    refuse(path, std::string("lies on a network file system, which cannot lock it well enough") +
                     ways_out);
}

// For this user alone, before SQLite opens it.
void make_empty(const Directory& folder, const std::string& name) {
  folder.create_file(name).close();
}

void remove_with_companions(const Directory& folder, const std::string& name) {
  for (const char* const part : {"-wal", "-shm", ""})
    if (folder.look(name + part)) folder.remove_file(name + part);
}

// In the place of one that was put aside before, and of nothing else.
void put_aside(const Directory& folder, const std::string& name, const std::string& path) {
  const std::string aside = name + aside_extension;
  if (folder.look(aside) && kin_of(folder, aside) == index::Kin::foreign)
    refuse(path, "cannot be set aside as '" + aside + "': there is something else of that name");
  folder.rename(name, aside);
  remove_with_companions(folder, name);
}

// The indexes of a pair of paths beyond those that were used last; `kept` and what is in use stay.
void remove_oldest(const Directory& folder, const std::string& prefix, const std::string& kept) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  const filesystem::Listing names = Directory::open_root(filesystem::canonical_path(folder)).list();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_index_of(prefix, names[i]) || names[i] == kept) continue;
    std::string name{names[i]};
    if (const auto entry = folder.look(name))
      found.emplace_back(entry->identity.mtime_ns, std::move(name));
  }
  std::ranges::sort(found, std::greater{});
  for (std::size_t i = most_roots_remembered - 1; i < found.size(); ++i) {
    const std::string& name = found[i].second;
    const auto lock = filesystem::FileLock::try_lock(folder, name + lock_extension);
    if (!lock) continue;
    remove_with_companions(folder, name);
    for (const char* const part : {aside_extension, lock_extension})
      if (folder.look(name + part)) folder.remove_file(name + part);
  }
}

// Those that were used last are known by their mtime, which SQLite moves only when it writes.
void note_use(const Directory& folder, const std::string& name) {
  const auto entry = folder.look(name);
  if (!entry) return;
  Entry want = *entry;
  want.identity.mtime_ns = stages::now_ns();
  folder.set_metadata(name, entry->identity.id, want,
                      {.owner = false, .group = false, .mode = false, .mtime = true});
}

// What the source of that index is; empty where it cannot be told, which is told when it is opened.
std::string source_root_in(const std::string& path) {
  try {
    const auto pair = index::Index::pair_of(path);
    return pair ? pair->source_root : "";
  } catch (const SqliteError&) {
    return "";
  }
}

// One file serves one pair; but its folders may be renamed together, or change places for good.
void require_pair(const std::string& path, const index::Pair& known, const index::Pair& pair,
                  const Options& options) {
  const bool same_paths = known.source == pair.source && known.destination == pair.destination;
  const bool same_roots =
      known.source_root == pair.source_root && known.destination_root == pair.destination_root;
  const bool is_turned = known.source == pair.destination && known.destination == pair.source;
  if (!same_paths && !same_roots && !(is_turned && options.adopt))
    refuse(path, "belongs to another pair, '" + known.source + "' and '" + known.destination +
                     "': name another file with --index=FILE");
}

}  // namespace

std::vector<FileId> OpenIndex::files() const {
  std::vector<FileId> ids;
  for (const char* const part : {"", "-wal", "-shm", lock_extension, aside_extension})
    if (const auto entry = folder.look(name + part)) ids.push_back(entry->identity.id);
  return ids;
}

std::uint64_t OpenIndex::bytes() const {
  std::uint64_t sum = 0;
  for (const char* const part : {"", "-wal"})
    if (const auto entry = folder.look(name + part)) sum += entry->identity.size;
  return sum;
}

void OpenIndex::set_aside() {
  index.reset();
  put_aside(folder, name, path);
}

std::optional<IndexFile> IndexFile::find(const Options& options, const std::string& source,
                                         const std::string& destination) {
  IndexFile file;
  if (std::holds_alternative<index_place::None>(options.index)) return std::nullopt;
  const auto* const asked = std::get_if<index_place::File>(&options.index);
  if (asked != nullptr) {
    const auto [parent, name] = filesystem::split_path(asked->path);
    if (name.empty() || name == "." || name == ".." || asked->path.ends_with('/'))
      refuse(asked->path, "is a folder: name a file in it");
    file.folder_ = parent;
    file.name_ = name;
    file.shown_ = asked->path;
  } else {
    const auto folder = filesystem::usual_state_folder();
    if (!folder)
      throw Unusable(Status::files_unusable,
                     std::string("there is no usual place for the index, since no home folder is "
                                 "known") +
                         ways_out);
    file.folder_ = *folder;
    file.shown_ = *folder;
  }
  try {
    if (asked != nullptr)
      file.look_at_file(source, destination);
    else
      file.look_in_usual_folder(source, destination);
  } catch (const SystemError& error) {
    refuse(file.shown_, reason(error) + ways_out);
  }
  return file;
}

void IndexFile::look_in_usual_folder(const std::string& source, const std::string& destination) {
  std::optional<Directory> folder;
  try {
    folder = Directory::open_root(folder_);
  } catch (const SystemError& error) {
    if (error.error_number() == ENOENT) return;
    throw;
  }
  const std::string prefix = prefix_of(source, destination);
  const std::string reverse = prefix_of(destination, source);
  const filesystem::Listing names = folder->list();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name{names[i]};
    if (is_index_of(reverse, name)) reverse_names_.push_back(name);
    if (!is_index_of(prefix, name)) continue;
    known_.push_back({.source = source_root_in(filesystem::join_path(folder_, name)),
                      .destination = name.substr(prefix.size(), root_digits)});
  }
  knows_reverse_ = !reverse_names_.empty();
}

void IndexFile::look_at_file(const std::string& source, const std::string& destination) {
  const Directory folder = Directory::open_root(folder_);
  check_folder(folder, shown_);
  if (!check_file(folder, name_, shown_) || kin_of(folder, name_) == index::Kin::empty) return;
  std::optional<index::Pair> pair;
  try {
    pair = index::Index::pair_of(filesystem::join_path(folder_, name_));
  } catch (const SqliteError& error) {
    if (error.is_damage()) return;  // made anew when it is opened
    refuse(shown_, std::string("cannot be read: ") + error.what() + ways_out);
  }
  if (!pair) return;
  if (pair->source == source && pair->destination == destination)
    known_.push_back(
        {.source = pair->source_root, .destination = hash_of_root(pair->destination_root)});
  else if (pair->source == destination && pair->destination == source)
    knows_reverse_ = true;
}

bool IndexFile::knows_source(const std::string& root, const std::string& destination) const {
  const auto of_it = std::ranges::find(known_, hash_of_root(destination), &KnownRoots::destination);
  if (of_it != known_.end()) return of_it->source == root;
  return std::ranges::find(known_, root, &KnownRoots::source) != known_.end();
}

bool IndexFile::knows_destination(const std::string& root) const {
  return std::ranges::find(known_, hash_of_root(root), &KnownRoots::destination) != known_.end();
}

std::string IndexFile::name_for(const index::Pair& pair) const {
  if (!name_.empty()) return name_;
  return prefix_of(pair.source, pair.destination) + hash_of_root(pair.destination_root) + extension;
}

std::optional<OpenIndex> IndexFile::open(const index::Pair& pair, const Options& options,
                                         const Directory* destination, Observer& observer,
                                         const std::stop_token& stop) const {
  // In a dry run onto nothing there is nothing to be proved.
  const bool makes = destination != nullptr && (!options.dry_run || options.rehash);
  std::string path = shown_;
  try {
    if (!makes && name_.empty() && known_.empty()) return std::nullopt;
    Directory folder = name_.empty() && makes ? filesystem::make_state_folder(folder_)
                                              : Directory::open_root(folder_);
    const std::string name = name_for(pair);
    path = filesystem::join_path(filesystem::canonical_path(folder), name);
    check_folder(folder, path);
    if (destination != nullptr && filesystem::lies_within(folder, *destination))
      refuse(path,
             std::string("lies in the destination, which holds nothing but the mirror") + ways_out);
    OpenIndex opened{.folder = std::move(folder),
                     .name = name,
                     .path = path,
                     .lock = {},
                     .index = {},
                     .notices = {}};
    bool is_begun_anew = false;
    const std::string lock_name = name + lock_extension;
    if (makes)
      opened.lock = acquire(
          options, observer, stop,
          [&] { return filesystem::FileLock::try_lock(opened.folder, lock_name); },
          [&] {
            return "the index '" + path + "' is in use by another run (" +
                   filesystem::FileLock::holder(opened.folder, lock_name) + ')';
          });
    if (!check_file(opened.folder, name, path)) {
      if (!makes) return std::nullopt;
      // Set aside in the middle of a pass.
      is_begun_anew = opened.folder.look(name + aside_extension).has_value();
      make_empty(opened.folder, name);
    }
    if (!makes && kin_of(opened.folder, name) == index::Kin::empty) return std::nullopt;
    try {
      const auto known = index::Index::pair_of(path);
      if (known) require_pair(path, *known, pair, options);
      if (!makes && known != pair) return std::nullopt;
      opened.index = std::make_unique<index::Index>(path, pair, now_s());
      if (is_begun_anew) opened.index->note_loss(now_s());
    } catch (const SqliteError& error) {
      if (!error.is_damage()) throw;
      if (!makes) {
        opened.notices.push_back("the index '" + path + "' cannot be used: " + error.what());
        return opened;
      }
      put_aside(opened.folder, name, path);
      make_empty(opened.folder, name);
      opened.index = std::make_unique<index::Index>(path, pair, now_s());
      opened.index->note_loss(now_s());
      opened.notices.push_back("the index '" + path + "' could not be used (" + error.what() +
                               "): it was set aside as '" + name + aside_extension +
                               "', and a new one is begun");
    }
    if (makes) note_use(opened.folder, name);
    if (makes && name_.empty()) {
      remove_oldest(opened.folder, prefix_of(pair.source, pair.destination), name);
      // The pair has turned round, which --adopt said: from now on the other way is the wrong one.
      for (const std::string& reverse : reverse_names_) {
        const auto lock = filesystem::FileLock::try_lock(opened.folder, reverse + lock_extension);
        if (lock) put_aside(opened.folder, reverse, path);
      }
    }
    return opened;
  } catch (const SystemError& error) {
    refuse(path, reason(error) + ways_out);
  } catch (const SqliteError& error) {
    refuse(path, std::string("cannot be used: ") + error.what() + ways_out);
  }
}

}  // namespace syncline
