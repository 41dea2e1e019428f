// SPDX-License-Identifier: MIT
#include "opening/index_file.h"

#include "filesystem/ancestors.h"
#include "filesystem/clock.h"
#include "filesystem/explained.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/state_folder.h"
#include "filesystem/system_error.h"
#include "index/secret_rows.h"
#include "model/reading.h"
#include "opening/acquire.h"
#include "opening/index_upkeep.h"
#include "pass/secrets.h"

#include "syncline/mirror.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

namespace syncline {
namespace {

using filesystem::Directory;
using filesystem::FileLock;
using filesystem::LockMode;
using filesystem::SystemError;
using index::SqliteError;

std::int64_t now_s() {
  return engine::to_seconds(engine::now_ns());
}

[[noreturn]] void refuse_as_unusable(const std::string& path, const SystemError& error) {
  refuse_index({.code = RefusalCode::index_unusable,
                .path = path,
                .operation = error.operation(),
                .error_number = error.error_number(),
                .cause = filesystem::known_cause_of(error),
                .allowance = Allowance::other_or_no_index});
}

[[noreturn]] void refuse_as_unusable(const std::string& path, const SqliteError& error) {
  refuse_index({.code = RefusalCode::index_unusable,
                .path = path,
                .cause = error.what(),
                .allowance = Allowance::other_or_no_index});
}

std::string lock_of(const std::string& name) {
  return name + lock_extension;
}

Occupied in_use(const Directory& folder, const std::string& name, const std::string& path,
                LockMode mode) {
  return {.waiting = NoticeCode::waiting_for_index,
          .refusal = RefusalCode::index_in_use,
          .stopped = RefusalCode::stopped_waiting_for_index,
          .path = path,
          .holder = FileLock::holder(folder, lock_of(name), mode).value_or("another process")};
}

// SQLite lets one process at a time open it, so that each run locks it before, whatever its roots
// are. Who only looks into it shares the lock with others who do, and is done soon: a run at work
// is told from them by that. A person waits for no longer.
std::optional<FileLock> lock_for_run(const Directory& folder, const std::string& name, bool makes) {
  constexpr auto patience = std::chrono::seconds(2);
  constexpr auto pause = std::chrono::milliseconds(5);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto lock = makes ? FileLock::try_lock(folder, lock_of(name))
                      : FileLock::try_lock_existing(folder, lock_of(name), LockMode::exclusive);
    if (lock || !FileLock::try_lock_existing(folder, lock_of(name), LockMode::shared)) return lock;
    if (std::chrono::steady_clock::now() > deadline) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
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

// An older version is carried over, and a secret that came to harm made anew, by a run that may
// write. One that may not reads a copy.
void open_copy(OpenIndex& opened, const index::Pair& pair) {
  opened.scratch.emplace();
  const std::string name = "index";
  make_empty(Directory::open_root(opened.scratch->path()), name);
  const std::string path = filesystem::join_path(opened.scratch->path(), name);
  index::Index::copy(opened.path, path);
  opened.index = std::make_unique<index::Index>(path, pair, now_s(), engine::fresh_secrets());
}

// One file serves one pair; but its folders may be renamed together, or change places for good.
void require_pair(const std::string& path, const index::Pair& known, const index::Pair& pair,
                  const Options& options) {
  const bool same_paths = known.source == pair.source && known.destination == pair.destination;
  const bool same_roots =
      known.source_root == pair.source_root && known.destination_root == pair.destination_root;
  const bool is_turned = known.source == pair.destination && known.destination == pair.source;
  if (!same_paths && !same_roots && !(is_turned && options.adopt))
    refuse_index({.code = RefusalCode::index_of_other_pair,
                  .path = path,
                  .other = known.source,
                  .cause = known.destination,
                  .allowance = Allowance::other_index});
}

}  // namespace

struct IndexFile::Patience {
  const Options& options;
  Observer& observer;
  const std::stop_token& stop;

  /// What `look` sees in an index that nobody is at work on.
  template <typename Look>
  auto look_into(const Directory& folder, const std::string& name, const std::string& path,
                 Look look) const {
    const auto shared = acquire(
        options, observer, stop,
        [&] { return FileLock::try_lock_existing(folder, lock_of(name), LockMode::shared); },
        [&] { return in_use(folder, name, path, LockMode::shared); });
    return look();
  }
};

IndexPlace usual_index_place() {
  if (!filesystem::usual_state_folder()) return index_place::None{};
  return index_place::Usual{};
}

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
                                         const std::string& destination, Observer& observer,
                                         const std::stop_token& stop) {
  const Patience patience{.options = options, .observer = observer, .stop = stop};
  IndexFile file;
  if (std::holds_alternative<index_place::None>(options.index)) return std::nullopt;
  const auto* const asked = std::get_if<index_place::File>(&options.index);
  if (asked != nullptr) {
    const auto [parent, name] = filesystem::split_path(asked->path);
    if (name.empty() || name == "." || name == ".." || asked->path.ends_with('/'))
      refuse_index({.code = RefusalCode::index_is_folder, .path = asked->path});
    file.folder_ = parent;
    file.name_ = name;
    file.shown_ = asked->path;
  } else {
    const auto folder = filesystem::usual_state_folder();
    if (!folder)
      refuse_index({.code = RefusalCode::index_has_no_usual_place,
                    .allowance = Allowance::other_or_no_index});
    file.folder_ = *folder;
    file.shown_ = *folder;
  }
  try {
    if (asked != nullptr)
      file.look_at_file(source, destination, patience);
    else
      file.look_in_usual_folder(source, destination, patience);
  } catch (const SystemError& error) {
    refuse_as_unusable(file.shown_, error);
  }
  return file;
}

void IndexFile::look_in_usual_folder(const std::string& source, const std::string& destination,
                                     const Patience& patience) {
  std::optional<Directory> folder;
  try {
    folder = Directory::open_root(folder_);
  } catch (const SystemError& error) {
    if (error.error_number() == ENOENT) return;
    throw;
  }
  const std::string prefix = prefix_of(source, destination);
  const std::string reverse = prefix_of(destination, source);
  const std::string path = filesystem::canonical_path(*folder);
  const filesystem::Listing names = folder->list();
  Timestamp last_used;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name{names[i]};
    if (is_index_of(reverse, name)) reverse_names_.push_back(name);
    if (!is_index_of(prefix, name)) continue;
    const std::string file = filesystem::join_path(path, name);
    known_.push_back(
        {.source = patience.look_into(*folder, name, file, [&] { return source_root_in(file); }),
         .destination = name.substr(prefix.size(), root_digits)});
    const auto entry = folder->look(name);
    if (!entry || entry->identity.mtime < last_used) continue;
    last_used = entry->identity.mtime;
    last_used_ = file;
  }
  knows_reverse_ = !reverse_names_.empty();
}

void IndexFile::look_at_file(const std::string& source, const std::string& destination,
                             const Patience& patience) {
  const Directory folder = Directory::open_root(folder_);
  check_index_folder(folder, shown_);
  if (!check_index(folder, name_, shown_) || kin_of(folder, name_) == index::Kin::empty) return;
  std::optional<index::Pair> pair;
  try {
    pair = patience.look_into(folder, name_, shown_, [&] {
      return index::Index::pair_of(
          filesystem::join_path(filesystem::canonical_path(folder), name_));
    });
  } catch (const SqliteError& error) {
    if (error.is_damage()) return;  // made anew when it is opened
    refuse_as_unusable(shown_, error);
  }
  if (!pair) return;
  if (pair->source == source && pair->destination == destination) {
    known_.push_back(
        {.source = pair->source_root, .destination = hash_of_root(pair->destination_root)});
    last_used_ = filesystem::join_path(folder_, name_);
  } else if (pair->source == destination && pair->destination == source) {
    knows_reverse_ = true;
  }
}

bool IndexFile::lay_in(const std::string& place, const Options& options, Observer& observer,
                       const std::stop_token& stop) const {
  if (last_used_.empty() || place.empty()) return false;
  const Patience patience{.options = options, .observer = observer, .stop = stop};
  const auto [folder, name] = filesystem::split_path(last_used_);
  try {
    return place == patience.look_into(Directory::open_root(folder), name, last_used_,
                                       [&] { return index::Index::place_in(last_used_); });
  } catch (const SqliteError& error) {
    refuse_as_unusable(last_used_, error);
  }
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
  return prefix_of(pair.source, pair.destination) + hash_of_root(pair.destination_root) +
         index_extension;
}

std::optional<OpenIndex> IndexFile::open(const index::Pair& pair, const Options& options,
                                         const Directory* destination, Observer& observer,
                                         const std::stop_token& stop) const {
  // In a dry run onto nothing there is nothing to be proved.
  const bool makes = destination != nullptr && reads_contents(options);
  std::string path = shown_;
  try {
    if (!makes && name_.empty() && known_.empty()) return std::nullopt;
    Directory folder = name_.empty() && makes ? filesystem::make_state_folder(folder_)
                                              : Directory::open_root(folder_);
    const std::string name = name_for(pair);
    path = filesystem::join_path(filesystem::canonical_path(folder), name);
    check_index_folder(folder, path);
    if (destination != nullptr && filesystem::lies_within(folder, *destination))
      refuse_index({.code = RefusalCode::index_in_destination,
                    .path = path,
                    .allowance = Allowance::other_or_no_index});
    OpenIndex opened{.folder = std::move(folder),
                     .name = name,
                     .path = path,
                     .lock = {},
                     .scratch = {},
                     .index = {},
                     .notices = {}};
    bool is_begun_anew = false;
    opened.lock = acquire(
        options, observer, stop, [&] { return lock_for_run(opened.folder, name, makes); },
        [&] { return in_use(opened.folder, name, path, LockMode::exclusive); });
    if (!check_index(opened.folder, name, path)) {
      if (!makes) return std::nullopt;
      // Set aside in the middle of a pass.
      is_begun_anew = opened.folder.look(name + aside_extension).has_value();
      make_empty(opened.folder, name);
    }
    if (!makes && kin_of(opened.folder, name) == index::Kin::empty) return std::nullopt;
    try {
      if (makes) shut_to_others(opened.folder, name, path);
      const auto known = index::Index::pair_of(path);
      if (known) require_pair(path, *known, pair, options);
      if (!makes && !(known && known->is(pair))) return std::nullopt;
      if (!makes && (index::Index::is_older(path) || !index::has_secrets(path)))
        open_copy(opened, pair);
      else
        opened.index = std::make_unique<index::Index>(path, pair, now_s(), engine::fresh_secrets());
      if (!makes && is_open_to_others(opened.folder, name))
        opened.notices.push_back(
            {.path = {}, .code = NoticeCode::index_open_to_others, .name = path});
      if (is_begun_anew) opened.index->note_loss(now_s());
    } catch (const SqliteError& error) {
      if (!error.is_damage()) throw;
      if (!makes) {
        opened.notices.push_back(
            {.path = {}, .code = NoticeCode::index_unusable, .name = path, .cause = error.what()});
        return opened;
      }
      put_aside(opened.folder, name, path);
      make_empty(opened.folder, name);
      opened.index = std::make_unique<index::Index>(path, pair, now_s(), engine::fresh_secrets());
      opened.index->note_loss(now_s());
      opened.notices.push_back({.path = {},
                                .code = NoticeCode::index_set_aside,
                                .name = path,
                                .other = name + aside_extension,
                                .cause = error.what()});
    }
    if (makes) opened.index->note_place(filesystem::place_of(*destination));
    if (makes) note_use(opened.folder, name);
    if (makes && name_.empty()) {
      remove_oldest(opened.folder, prefix_of(pair.source, pair.destination), name);
      // The pair has turned round, which Options::adopt said: from now on the other way is the
      // wrong one.
      for (const std::string& reverse : reverse_names_) {
        if (is_newer(opened.folder, reverse)) continue;
        const auto lock = FileLock::try_lock(opened.folder, lock_of(reverse));
        if (lock) put_aside(opened.folder, reverse, path);
      }
    }
    return opened;
  } catch (const SystemError& error) {
    refuse_as_unusable(path, error);
  } catch (const SqliteError& error) {
    refuse_as_unusable(path, error);
  }
}

}  // namespace syncline
