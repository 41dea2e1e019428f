// SPDX-License-Identifier: MIT
#include "index/link_groups.h"

namespace syncline::index {
namespace {

FileId id_at(const Statement& row, int column) {
  return {.device = as_unsigned(row.integer(column)),
          .inode = as_unsigned(row.integer(column + 1))};
}

// Opened with its tables, so that the statements below can be prepared as members. 16 MiB of pages
// hold the groups of some 100,000 inodes.
Connection open_with_tables() {
  Connection connection{""};
  connection.execute(R"(
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -16384;
    CREATE TABLE inode(
      device INTEGER NOT NULL, inode INTEGER NOT NULL, path BLOB NOT NULL,
      walked_device INTEGER, walked_inode INTEGER,
      to_device INTEGER, to_inode INTEGER, size INTEGER, mtime INTEGER, ctime INTEGER,
      row_folder INTEGER, row_name BLOB, has_proof INTEGER, temporary BLOB,
      PRIMARY KEY(device, inode)) WITHOUT ROWID;
    CREATE TABLE claim(
      device INTEGER NOT NULL, inode INTEGER NOT NULL,
      source_device INTEGER NOT NULL, source_inode INTEGER NOT NULL,
      PRIMARY KEY(device, inode)) WITHOUT ROWID;
    CREATE TABLE follower(
      generation INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL, number INTEGER NOT NULL,
      folder INTEGER NOT NULL, row_folder INTEGER NOT NULL, name BLOB NOT NULL,
      kind INTEGER NOT NULL,
      PRIMARY KEY(generation, device, inode, number)) WITHOUT ROWID;
    BEGIN;
  )");
  return connection;
}

Leader leader_in(const Statement& row, int column) {
  return {.path = row.blob(0),
          .temporary = row.blob(column + 8),
          .destination = {.id = id_at(row, column),
                          .size = as_unsigned(row.integer(column + 2)),
                          .mtime = row.time(column + 3),
                          .ctime = row.time(column + 4)},
          .row = {.folder = row.integer(column + 5), .name = row.blob(column + 6)},
          .has_proof = row.integer(column + 7) != 0};
}

}  // namespace

LinkGroups::LinkGroups()
    : connection_(open_with_tables()),
      find_inode_(
          connection_,
          "SELECT path, walked_device, walked_inode, to_device, to_inode, size, mtime, "
          "ctime, row_folder, row_name, has_proof, temporary FROM inode WHERE device = ? AND "
          "inode = ?"),
      add_inode_(connection_,
                 "INSERT INTO inode(device, inode, path, walked_device, walked_inode) "
                 "VALUES(?, ?, ?, ?, ?)"),
      end_(connection_,
           "UPDATE inode SET path = ?, to_device = ?, to_inode = ?, size = ?, mtime = ?, "
           "ctime = ?, row_folder = ?, row_name = ?, has_proof = ?, temporary = ? "
           "WHERE device = ? AND inode = ?"),
      find_claim_(connection_,
                  "SELECT source_device, source_inode FROM claim WHERE device = ? AND inode = ?"),
      add_claim_(connection_, "INSERT INTO claim VALUES(?, ?, ?, ?)"),
      note_follower_(
          connection_,
          "INSERT INTO follower SELECT ?1, ?2, ?3, 1 + coalesce((SELECT max(number) FROM "
          "follower WHERE generation = ?1 AND device = ?2 AND inode = ?3), 0), ?4, ?5, "
          "?6, ?7"),
      followers_(connection_,
                 "SELECT device, inode, number, folder, row_folder, name, kind FROM follower "
                 "WHERE generation = ? AND (device, inode, number) > (?, ?, ?) "
                 "ORDER BY device, inode, number "
                 "LIMIT ?") {}

std::optional<FileId> LinkGroups::claimer_of(FileId destination, FileId source) {
  const std::int64_t device = as_integer(destination.device);
  const std::int64_t inode = as_integer(destination.inode);
  if (find_claim_.bind(device, inode).step()) return id_at(find_claim_, 0);
  add_claim_.bind(device, inode, as_integer(source.device), as_integer(source.inode)).run();
  return std::nullopt;
}

LinkGroups::Meeting LinkGroups::meet(const std::string& path, const Entry& source,
                                     const std::optional<Entry>& destination) {
  const std::scoped_lock lock{mutex_};
  const FileId id = source.identity.id;
  Meeting meeting{.leads = source.links > 1, .first = path, .ended = {}, .walked = {}};
  if (destination && destination->links > 1) {
    const auto claimer = claimer_of(destination->identity.id, id);
    meeting.is_claimed = claimer && claimer != id;
  }
  if (source.links < 2) return meeting;
  const std::int64_t device = as_integer(id.device);
  const std::int64_t inode = as_integer(id.inode);
  if (find_inode_.bind(device, inode).step()) {
    meeting.leads = false;
    meeting.first = find_inode_.blob(0);
    if (!find_inode_.is_null(1)) meeting.walked = id_at(find_inode_, 1);
    if (!find_inode_.is_null(3)) meeting.ended = leader_in(find_inode_, 3);
    return meeting;
  }
  const bool is_there = destination && !meeting.is_claimed;
  const auto walked = [&](std::uint64_t number) {
    return is_there ? std::optional{as_integer(number)} : std::nullopt;
  };
  const FileId at = is_there ? destination->identity.id : FileId{};
  add_inode_.bind(device, inode, path, walked(at.device), walked(at.inode)).run();
  return meeting;
}

void LinkGroups::end(FileId source, const Leader& leader) {
  const std::scoped_lock lock{mutex_};
  const Identity& to = leader.destination;
  end_.bind(leader.path, as_integer(to.id.device), as_integer(to.id.inode), as_integer(to.size),
            to.mtime, to.ctime, leader.row.folder, leader.row.name, std::int64_t{leader.has_proof},
            leader.temporary, as_integer(source.device), as_integer(source.inode))
      .run();
}

void LinkGroups::note_follower(const Follower& follower) {
  const std::scoped_lock lock{mutex_};
  note_follower_
      .bind(generation_, as_integer(follower.source.device), as_integer(follower.source.inode),
            follower.folder, follower.row.folder, follower.row.name,
            static_cast<std::int64_t>(follower.kind))
      .run();
  has_followers_ = true;
}

std::optional<Leader> LinkGroups::leader(FileId source) {
  const std::scoped_lock lock{mutex_};
  find_inode_.bind(as_integer(source.device), as_integer(source.inode));
  if (!find_inode_.step() || find_inode_.is_null(3)) return std::nullopt;
  return leader_in(find_inode_, 3);
}

bool LinkGroups::has_followers() {
  const std::scoped_lock lock{mutex_};
  return has_followers_;
}

std::int64_t LinkGroups::generation() {
  const std::scoped_lock lock{mutex_};
  return generation_;
}

void LinkGroups::begin_generation() {
  const std::scoped_lock lock{mutex_};
  ++generation_;
  has_followers_ = false;
}

std::vector<Follower> LinkGroups::followers(Position& position, std::size_t most) {
  const std::scoped_lock lock{mutex_};
  followers_.bind(position.generation, as_integer(position.source.device),
                  as_integer(position.source.inode), position.row, static_cast<std::int64_t>(most));
  std::vector<Follower> result;
  while (followers_.step()) {
    position.source = id_at(followers_, 0);
    position.row = followers_.integer(2);
    result.push_back({.source = position.source,
                      .folder = followers_.integer(3),
                      .row = {.folder = followers_.integer(4), .name = followers_.blob(5)},
                      .kind = static_cast<Kind>(followers_.integer(6))});
  }
  return result;
}

}  // namespace syncline::index
