// SPDX-License-Identifier: MIT
#include "index/deferred_list.h"

#include <cstring>
#include <string_view>
#include <utility>

namespace syncline::index {
namespace {

// Each as its name, a zero byte, the value's size in eight bytes, and the value.
std::string packed(const Attributes& attributes) {
  std::string bytes;
  for (const auto& [name, value] : attributes) {
    const std::uint64_t size = value.size();
    bytes.append(name.c_str(), name.size() + 1);
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size).append(value);
  }
  return bytes;
}

Attributes unpacked(std::string_view bytes) {
  Attributes attributes;
  while (!bytes.empty()) {
    std::string name{bytes.substr(0, bytes.find('\0'))};
    bytes.remove_prefix(name.size() + 1);
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    attributes.push_back({std::move(name), std::string{bytes.substr(sizeof size, size)}});
    bytes.remove_prefix(sizeof size + size);
  }
  return attributes;
}

constexpr int cache_kib = 8192;

constexpr const char* tables = R"(
  CREATE TABLE folder(
    key INTEGER PRIMARY KEY, parent INTEGER NOT NULL, name BLOB NOT NULL, depth INTEGER NOT NULL,
    device INTEGER NOT NULL, inode INTEGER NOT NULL,
    source_device INTEGER, source_inode INTEGER, row INTEGER NOT NULL,
    moved_to BLOB, mode INTEGER, uid INTEGER, gid INTEGER, mtime INTEGER,
    attributes BLOB, is_obstacle INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE removal(
    folder INTEGER NOT NULL, name BLOB NOT NULL, kind INTEGER NOT NULL, device INTEGER NOT NULL,
    inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
    gave_way INTEGER NOT NULL,
    PRIMARY KEY(folder, name)) WITHOUT ROWID;
  CREATE TABLE extraneous(
    folder INTEGER NOT NULL, name BLOB NOT NULL, gives_way INTEGER NOT NULL,
    PRIMARY KEY(folder, name)) WITHOUT ROWID;
  CREATE TABLE replacement(
    folder INTEGER NOT NULL, name BLOB NOT NULL, temporary BLOB NOT NULL,
    device INTEGER NOT NULL, inode INTEGER NOT NULL, kind INTEGER NOT NULL,
    bytes INTEGER NOT NULL);
  CREATE INDEX removal_inode ON removal(inode);
  CREATE INDEX folder_depth ON folder(depth, key);
  CREATE INDEX folder_name ON folder(parent, name);
)";

}  // namespace

DeferredList::DeferredList()
    : connection_(open_temporary(tables, cache_kib)),
      add_folder_(connection_,
                  "INSERT INTO folder(key, parent, name, depth, device, inode, source_device, "
                  "source_inode, row) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      note_removal_(connection_, "INSERT OR REPLACE INTO removal VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
      note_replacement_(connection_, "INSERT INTO replacement VALUES(?, ?, ?, ?, ?, ?, ?)"),
      withdraw_replacement_(connection_, "DELETE FROM replacement WHERE folder = ? AND name = ?"),
      note_settling_(connection_,
                     "UPDATE folder SET mode = ?, uid = ?, gid = ?, mtime = ?, attributes = ? "
                     "WHERE key = ?"),
      move_aside_(connection_, "UPDATE folder SET moved_to = ? WHERE parent = ? AND name = ?"),
      note_obstacle_(connection_, "UPDATE folder SET is_obstacle = 1 WHERE key = ?"),
      note_extraneous_(connection_, "INSERT OR REPLACE INTO extraneous VALUES(?, ?, ?)"),
      extraneous_after_(
          connection_,
          "SELECT folder, name, gives_way FROM extraneous WHERE (folder, name) > (?, ?) "
          "ORDER BY folder, name LIMIT ?"),
      withdraw_(connection_,
                "DELETE FROM removal WHERE inode = ? AND device = ? RETURNING name, kind, size"),
      succeed_(connection_,
               "UPDATE removal SET kind = ?, device = ?, inode = ?, size = ?, mtime = ? "
               "WHERE inode = ? AND device = ? RETURNING 1"),
      is_obstacle_(connection_,
                   "SELECT 1 FROM folder WHERE parent = ? AND name = ? AND is_obstacle"),
      folders_at_(connection_,
                  "SELECT key FROM folder WHERE depth = ? AND key > ? ORDER BY key LIMIT ?"),
      folder_(connection_,
              "SELECT parent, name, moved_to, device, inode, source_device, source_inode, mode, "
              "uid, gid, mtime, attributes, is_obstacle, row FROM folder WHERE key = ?"),
      removals_in_(connection_,
                   "SELECT name, kind, device, inode, size, mtime, gave_way FROM removal "
                   "WHERE folder = ? AND name > ? ORDER BY name LIMIT ?") {}

void DeferredList::clear() {
  const std::scoped_lock lock{mutex_};
  connection_.execute(
      "DELETE FROM folder; DELETE FROM removal; DELETE FROM extraneous; "
      "DELETE FROM replacement;");
  last_key_ = no_folder;
}

FolderKey DeferredList::add_folder(FolderKey parent, const std::string& name, std::uint32_t depth,
                                   FileId destination, std::optional<FileId> source,
                                   std::int64_t row) {
  const std::scoped_lock lock{mutex_};
  add_folder_.bind(++last_key_, parent, name, std::int64_t{depth}, as_integer(destination.device),
                   as_integer(destination.inode),
                   source ? std::optional{as_integer(source->device)} : std::nullopt,
                   source ? std::optional{as_integer(source->inode)} : std::nullopt, row);
  add_folder_.run();
  return last_key_;
}

void DeferredList::note_removals(FolderKey folder, const std::vector<Removal>& removals) {
  const std::scoped_lock lock{mutex_};
  for (const Removal& removal : removals) insert_removal(folder, removal);
}

void DeferredList::insert_removal(FolderKey folder, const Removal& removal) {
  note_removal_
      .bind(folder, removal.name, static_cast<std::int64_t>(removal.kind),
            as_integer(removal.seen.id.device), as_integer(removal.seen.id.inode),
            as_integer(removal.seen.size), removal.seen.mtime, std::int64_t{removal.gave_way})
      .run();
}

void DeferredList::note_replacement(const Replacement& replacement) {
  const std::scoped_lock lock{mutex_};
  note_replacement_
      .bind(replacement.folder, replacement.name, replacement.temporary,
            as_integer(replacement.id.device), as_integer(replacement.id.inode),
            static_cast<std::int64_t>(replacement.kind), as_integer(replacement.bytes))
      .run();
}

void DeferredList::withdraw_replacement(FolderKey folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  withdraw_replacement_.bind(folder, name).run();
}

void DeferredList::note_settling(FolderKey folder, const Entry& want) {
  const std::scoped_lock lock{mutex_};
  note_settling_
      .bind(std::int64_t{want.mode}, std::int64_t{want.uid}, std::int64_t{want.gid},
            want.identity.mtime, std::string_view{packed(want.attributes)}, folder)
      .run();
}

void DeferredList::note_obstacle(FolderKey folder) {
  const std::scoped_lock lock{mutex_};
  note_obstacle_.bind(folder).run();
}

void DeferredList::note_extraneous(const Extraneous& extraneous) {
  const std::scoped_lock lock{mutex_};
  note_extraneous_.bind(extraneous.folder, extraneous.name, std::int64_t{extraneous.gives_way})
      .run();
}

std::vector<Extraneous> DeferredList::extraneous_after(const Extraneous& last, std::size_t most) {
  const std::scoped_lock lock{mutex_};
  extraneous_after_.bind(last.folder, std::string_view{last.name}, static_cast<std::int64_t>(most));
  std::vector<Extraneous> result;
  while (extraneous_after_.step())
    result.push_back({.folder = extraneous_after_.integer(0),
                      .name = extraneous_after_.blob(1),
                      .gives_way = extraneous_after_.integer(2) != 0});
  extraneous_after_.reset();
  return result;
}

std::optional<Removal> DeferredList::withdraw(FileId moved) {
  const std::scoped_lock lock{mutex_};
  std::optional<Removal> found;
  withdraw_.bind(as_integer(moved.inode), as_integer(moved.device));
  while (withdraw_.step())
    found = Removal{.name = withdraw_.blob(0),
                    .kind = static_cast<Kind>(withdraw_.integer(1)),
                    .seen = {.id = moved, .size = as_unsigned(withdraw_.integer(2))}};
  withdraw_.reset();
  return found;
}

bool DeferredList::succeed(FileId moved, const Entry& by) {
  const std::scoped_lock lock{mutex_};
  succeed_.bind(static_cast<std::int64_t>(by.kind), as_integer(by.identity.id.device),
                as_integer(by.identity.id.inode), as_integer(by.identity.size), by.identity.mtime,
                as_integer(moved.inode), as_integer(moved.device));
  bool any = false;
  while (succeed_.step()) any = true;
  succeed_.reset();
  return any;
}

bool DeferredList::is_obstacle(FolderKey folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  return is_obstacle_.bind(folder, name).step();
}

bool DeferredList::empty() {
  const std::scoped_lock lock{mutex_};
  return last_key_ == no_folder;
}

std::vector<Replacement> DeferredList::replacements() {
  const std::scoped_lock lock{mutex_};
  Statement all{connection_,
                "SELECT folder, name, temporary, device, inode, kind, bytes FROM replacement"};
  std::vector<Replacement> result;
  while (all.step())
    result.push_back(
        {.folder = all.integer(0),
         .name = all.blob(1),
         .temporary = all.blob(2),
         .id = {.device = as_unsigned(all.integer(3)), .inode = as_unsigned(all.integer(4))},
         .kind = static_cast<Kind>(all.integer(5)),
         .bytes = as_unsigned(all.integer(6))});
  return result;
}

void DeferredList::note_moved_aside(FolderKey folder, const std::string& name,
                                    const std::string& aside, const Identity& seen) {
  const std::scoped_lock lock{mutex_};
  move_aside_.bind(aside, folder, name).run();
  insert_removal(folder, {.name = aside, .kind = Kind::folder, .seen = seen, .gave_way = true});
}

std::vector<std::uint32_t> DeferredList::depths() {
  const std::scoped_lock lock{mutex_};
  Statement all{connection_, "SELECT DISTINCT depth FROM folder ORDER BY depth DESC"};
  std::vector<std::uint32_t> result;
  while (all.step()) result.push_back(static_cast<std::uint32_t>(all.integer(0)));
  return result;
}

std::vector<FolderKey> DeferredList::folders_at(std::uint32_t depth, FolderKey after,
                                                std::size_t most) {
  const std::scoped_lock lock{mutex_};
  folders_at_.bind(std::int64_t{depth}, after, static_cast<std::int64_t>(most));
  std::vector<FolderKey> result;
  while (folders_at_.step()) result.push_back(folders_at_.integer(0));
  return result;
}

DeferredFolder DeferredList::folder(FolderKey key) {
  const std::scoped_lock lock{mutex_};
  if (!folder_.bind(key).step()) throw SqliteError("the deferred list lost a folder");
  DeferredFolder result{.parent = folder_.integer(0),
                        .name = folder_.blob(1),
                        .moved_to = folder_.blob(2),
                        .destination = {.device = as_unsigned(folder_.integer(3)),
                                        .inode = as_unsigned(folder_.integer(4))},
                        .source = {},
                        .row = folder_.integer(13),
                        .settle_as = {},
                        .is_obstacle = folder_.integer(12) != 0};
  if (!folder_.is_null(5))
    result.source =
        FileId{.device = as_unsigned(folder_.integer(5)), .inode = as_unsigned(folder_.integer(6))};
  if (!folder_.is_null(7)) {
    Entry& want = result.settle_as.emplace();
    want.kind = Kind::folder;
    want.mode = static_cast<std::uint32_t>(folder_.integer(7));
    want.uid = static_cast<std::uint32_t>(folder_.integer(8));
    want.gid = static_cast<std::uint32_t>(folder_.integer(9));
    want.identity.mtime = folder_.time(10);
    want.attributes = unpacked(folder_.blob(11));
  }
  return result;
}

std::vector<Removal> DeferredList::removals_in(FolderKey folder, const std::string& after,
                                               std::size_t most) {
  const std::scoped_lock lock{mutex_};
  removals_in_.bind(folder, after, static_cast<std::int64_t>(most));
  std::vector<Removal> result;
  while (removals_in_.step())
    result.push_back({.name = removals_in_.blob(0),
                      .kind = static_cast<Kind>(removals_in_.integer(1)),
                      .seen = {.id = {.device = as_unsigned(removals_in_.integer(2)),
                                      .inode = as_unsigned(removals_in_.integer(3))},
                               .size = as_unsigned(removals_in_.integer(4)),
                               .mtime = removals_in_.time(5),
                               .ctime = {}},
                      .gave_way = removals_in_.integer(6) != 0});
  return result;
}

}  // namespace syncline::index
