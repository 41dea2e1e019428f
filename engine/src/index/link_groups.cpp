// SPDX-License-Identifier: MIT
#include "index/link_groups.h"

namespace syncline::index {
namespace {

// A failure's kind and code in one column.
constexpr std::int64_t kinds_apart = 256;

FileId id_at(const Statement& row, int column) {
  return {.device = as_unsigned(row.integer(column)),
          .inode = as_unsigned(row.integer(column + 1))};
}

// Pages for the groups of some 100,000 inodes.
constexpr int cache_kib = 16'384;

constexpr const char* tables = R"(
  CREATE TABLE inode(
    device INTEGER NOT NULL, inode INTEGER NOT NULL, part INTEGER NOT NULL, path BLOB NOT NULL,
    walked_device INTEGER, walked_inode INTEGER,
    to_device INTEGER, to_inode INTEGER, size INTEGER, mtime INTEGER, ctime INTEGER,
    row_folder INTEGER, row_name BLOB, has_proof INTEGER, temporary BLOB, is_excepted INTEGER,
    apart_from INTEGER, has_moved INTEGER NOT NULL DEFAULT 0,
    failure INTEGER, operation BLOB, error INTEGER, cause BLOB,
    PRIMARY KEY(device, inode, part)) WITHOUT ROWID;
  CREATE TABLE claim(
    device INTEGER NOT NULL, inode INTEGER NOT NULL,
    source_device INTEGER NOT NULL, source_inode INTEGER NOT NULL,
    from_ctime INTEGER, to_ctime INTEGER,
    PRIMARY KEY(device, inode)) WITHOUT ROWID;
  CREATE TABLE follower(
    generation INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
    part INTEGER NOT NULL, number INTEGER NOT NULL,
    folder INTEGER NOT NULL, row_folder INTEGER NOT NULL, name BLOB NOT NULL,
    kind INTEGER NOT NULL, known INTEGER NOT NULL,
    PRIMARY KEY(generation, device, inode, part, number)) WITHOUT ROWID;
)";

Leader leader_in(const Statement& row, int column) {
  return {.path = row.blob(0),
          .temporary = row.blob(column + 8),
          .destination = {.id = id_at(row, column),
                          .size = as_unsigned(row.integer(column + 2)),
                          .mtime = row.time(column + 3),
                          .ctime = row.time(column + 4)},
          .row = {.folder = row.integer(column + 5), .name = row.blob(column + 6)},
          .has_proof = row.integer(column + 7) != 0,
          .is_excepted = row.integer(column + 9) != 0};
}

}  // namespace

LinkGroups::LinkGroups()
    : connection_(open_temporary(tables, cache_kib)),
      find_inode_(connection_,
                  "SELECT path, walked_device, walked_inode, to_device, to_inode, size, mtime, "
                  "ctime, row_folder, row_name, has_proof, temporary, is_excepted, apart_from, "
                  "failure, operation, error, cause FROM inode WHERE device = ? AND inode = ? AND "
                  "part = ?"),
      add_inode_(connection_,
                 "INSERT OR REPLACE INTO inode(device, inode, part, path, walked_device, "
                 "walked_inode, apart_from) VALUES(?, ?, ?, ?, ?, ?, ?)"),
      end_(connection_,
           "UPDATE inode SET path = ?, to_device = ?, to_inode = ?, size = ?, mtime = ?, "
           "ctime = ?, row_folder = ?, row_name = ?, has_proof = ?, temporary = ?, "
           "is_excepted = ? WHERE device = ? AND inode = ? AND part = ?"),
      fail_(connection_,
            "UPDATE inode SET failure = ?, operation = ?, error = ?, cause = ? "
            "WHERE device = ? AND inode = ? AND part = ?"),
      find_claim_(connection_,
                  "SELECT source_device, source_inode FROM claim WHERE device = ? AND inode = ?"),
      add_claim_(
          connection_,
          "INSERT INTO claim(device, inode, source_device, source_inode) VALUES(?, ?, ?, ?)"),
      note_follower_(
          connection_,
          "INSERT INTO follower SELECT ?1, ?2, ?3, ?4, 1 + coalesce((SELECT max(number) FROM "
          "follower WHERE generation = ?1 AND device = ?2 AND inode = ?3 AND part = ?4), 0), ?5, "
          "?6, ?7, ?8, ?9"),
      followers_(
          connection_,
          "SELECT device, inode, part, number, folder, row_folder, name, kind, known FROM follower "
          "WHERE generation = ? AND (device, inode, part, number) > (?, ?, ?, ?) "
          "ORDER BY device, inode, part, number LIMIT ?"),
      move_ctime_(connection_,
                  "UPDATE inode SET ctime = ?, has_moved = 1 WHERE device = ? AND inode = ? AND "
                  "to_device = ? AND to_inode = ? AND size = ? AND mtime = ? AND ctime = ? AND "
                  "has_proof"),
      move_claim_(connection_,
                  "UPDATE claim SET from_ctime = CASE WHEN to_ctime = ?1 THEN from_ctime ELSE ?1 "
                  "END, to_ctime = ?2 WHERE device = ?3 AND inode = ?4"),
      find_move_(connection_,
                 "SELECT to_ctime FROM claim WHERE device = ? AND inode = ? AND from_ctime = ?"),
      moved_leaders_(connection_,
                     "SELECT path, device, inode, to_device, to_inode, size, mtime, ctime, "
                     "row_folder, row_name, has_proof, temporary, is_excepted, part FROM inode "
                     "WHERE has_moved AND row_folder <> 0 "
                     "AND (device, inode, part) > (?, ?, ?) ORDER BY device, inode, part LIMIT ?") {
}

std::optional<LinkGroups::Led> LinkGroups::find(const LinkGroup& group) {
  const std::scoped_lock lock{mutex_};
  find_inode_.bind(as_integer(group.source.device), as_integer(group.source.inode), group.part);
  if (!find_inode_.step()) return std::nullopt;
  Led led{.first = find_inode_.blob(0), .walked = {}, .ended = {}};
  if (!find_inode_.is_null(13)) led.apart_from = as_unsigned(find_inode_.integer(13));
  if (!find_inode_.is_null(1)) led.walked = id_at(find_inode_, 1);
  if (!find_inode_.is_null(3)) led.ended = leader_in(find_inode_, 3);
  if (!find_inode_.is_null(14))
    led.failed = Failure{.kind = static_cast<FailureKind>(find_inode_.integer(14) % kinds_apart),
                         .path = {},
                         .code = static_cast<FailureCode>(find_inode_.integer(14) / kinds_apart),
                         .operation = find_inode_.blob(15),
                         .error_number = static_cast<int>(find_inode_.integer(16)),
                         .cause = find_inode_.blob(17)};
  return led;
}

bool LinkGroups::claim_locked(FileId destination, FileId source) {
  const std::int64_t device = as_integer(destination.device);
  const std::int64_t inode = as_integer(destination.inode);
  if (find_claim_.bind(device, inode).step()) return id_at(find_claim_, 0) == source;
  add_claim_.bind(device, inode, as_integer(source.device), as_integer(source.inode)).run();
  return true;
}

bool LinkGroups::claim(FileId destination, FileId source) {
  const std::scoped_lock lock{mutex_};
  return claim_locked(destination, source);
}

void LinkGroups::add(const LinkGroup& group, const std::string& path, std::optional<FileId> stays,
                     std::optional<std::uint64_t> apart_from) {
  const auto walked = [&](std::uint64_t number) {
    return stays ? std::optional{as_integer(number)} : std::nullopt;
  };
  const FileId at = stays.value_or(FileId{});
  const auto other = apart_from ? std::optional{as_integer(*apart_from)} : std::nullopt;
  add_inode_
      .bind(as_integer(group.source.device), as_integer(group.source.inode), group.part, path,
            walked(at.device), walked(at.inode), other)
      .run();
}

bool LinkGroups::lead(const LinkGroup& group, const std::string& path,
                      const std::optional<Entry>& destination,
                      std::optional<std::uint64_t> apart_from) {
  const std::scoped_lock lock{mutex_};
  find_inode_.bind(as_integer(group.source.device), as_integer(group.source.inode), group.part);
  const bool is_led = find_inode_.step();
  if (is_led) return false;
  std::optional<FileId> stays;
  if (destination) stays = destination->identity.id;
  if (stays && destination->links > 1 && !claim_locked(*stays, group.source)) return false;
  add(group, path, stays, apart_from);
  return true;
}

void LinkGroups::lead_instead(const LinkGroup& group, const std::string& path,
                              std::optional<FileId> stays) {
  const std::scoped_lock lock{mutex_};
  add(group, path, stays, group.part > 0 ? std::optional{any_inode} : std::nullopt);
}

void LinkGroups::end(const LinkGroup& group, const Leader& leader) {
  const std::scoped_lock lock{mutex_};
  const Identity& to = leader.destination;
  end_.bind(leader.path, as_integer(to.id.device), as_integer(to.id.inode), as_integer(to.size),
            to.mtime, to.ctime, leader.row.folder, leader.row.name, std::int64_t{leader.has_proof},
            leader.temporary, std::int64_t{leader.is_excepted}, as_integer(group.source.device),
            as_integer(group.source.inode), group.part)
      .run();
  const std::int64_t device = as_integer(to.id.device);
  const std::int64_t inode = as_integer(to.id.inode);
  if (!find_move_.bind(device, inode, to.ctime).step()) return;
  const Timestamp ctime = find_move_.time(0);
  move_ctime_
      .bind(ctime, as_integer(group.source.device), as_integer(group.source.inode), device, inode,
            as_integer(to.size), to.mtime, to.ctime)
      .run();
}

void LinkGroups::fail(const LinkGroup& group, const Failure& why) {
  const std::scoped_lock lock{mutex_};
  fail_
      .bind(static_cast<std::int64_t>(why.kind) + kinds_apart * static_cast<std::int64_t>(why.code),
            std::string_view{why.operation}, std::int64_t{why.error_number},
            std::string_view{why.cause}, as_integer(group.source.device),
            as_integer(group.source.inode), group.part)
      .run();
}

void LinkGroups::move_ctime(const Identity& before, const Timestamp& ctime) {
  const std::scoped_lock lock{mutex_};
  const std::int64_t device = as_integer(before.id.device);
  const std::int64_t inode = as_integer(before.id.inode);
  if (!find_claim_.bind(device, inode).step()) return;
  const FileId source = id_at(find_claim_, 0);
  move_ctime_
      .bind(ctime, as_integer(source.device), as_integer(source.inode), device, inode,
            as_integer(before.size), before.mtime, before.ctime)
      .run();
  move_claim_.bind(before.ctime, ctime, device, inode).run();
}

void LinkGroups::note_follower(const Follower& follower) {
  const std::scoped_lock lock{mutex_};
  const LinkGroup& group = follower.group;
  note_follower_
      .bind(generation_, as_integer(group.source.device), as_integer(group.source.inode),
            group.part, follower.folder, follower.row.folder, follower.row.name,
            static_cast<std::int64_t>(follower.kind), static_cast<std::int64_t>(follower.known))
      .run();
  has_followers_ = true;
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
  followers_.bind(position.generation, as_integer(position.group.source.device),
                  as_integer(position.group.source.inode), position.group.part, position.row,
                  static_cast<std::int64_t>(most));
  std::vector<Follower> result;
  std::vector<std::int64_t> numbers;
  while (followers_.step()) {
    numbers.push_back(followers_.integer(3));
    result.push_back({.group = {.source = id_at(followers_, 0), .part = followers_.integer(2)},
                      .folder = followers_.integer(4),
                      .row = {.folder = followers_.integer(5), .name = followers_.blob(6)},
                      .kind = static_cast<Kind>(followers_.integer(7)),
                      .known = static_cast<Follower::Known>(followers_.integer(8))});
  }
  followers_.reset();
  if (result.size() == most && result.front().group != result.back().group) {
    const LinkGroup cut = result.back().group;
    while (result.back().group == cut) result.pop_back();
  }
  if (!result.empty()) {
    position.group = result.back().group;
    position.row = numbers.at(result.size() - 1);
  }
  return result;
}

std::vector<std::pair<LinkGroup, Leader>> LinkGroups::moved_leaders(const LinkGroup& after,
                                                                    std::size_t most) {
  const std::scoped_lock lock{mutex_};
  moved_leaders_.bind(as_integer(after.source.device), as_integer(after.source.inode), after.part,
                      static_cast<std::int64_t>(most));
  std::vector<std::pair<LinkGroup, Leader>> result;
  while (moved_leaders_.step())
    result.emplace_back(
        LinkGroup{.source = id_at(moved_leaders_, 1), .part = moved_leaders_.integer(13)},
        leader_in(moved_leaders_, 3));
  return result;
}

}  // namespace syncline::index
