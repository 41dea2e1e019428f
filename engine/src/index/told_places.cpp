// SPDX-License-Identifier: MIT
#include "index/told_places.h"

#include <string_view>

namespace syncline::index {
namespace {

constexpr int cache_kib = 8192;

constexpr const char* tables = R"(
  CREATE TABLE place(
    inode INTEGER NOT NULL, device INTEGER NOT NULL, name BLOB NOT NULL, path BLOB,
    PRIMARY KEY(inode, device, name)) WITHOUT ROWID;
)";

ToldPlace place_in(const Statement& row) {
  return {.name = row.blob(0), .path = row.is_null(1) ? std::nullopt : std::optional{row.blob(1)}};
}

}  // namespace

ToldPlaces::ToldPlaces()
    : connection_(open_temporary(tables, cache_kib)),
      put_(connection_, "INSERT OR REPLACE INTO place VALUES(?, ?, ?, ?)"),
      find_(connection_,
            "SELECT name, path FROM place WHERE inode = ? AND device = ? AND name = ?"),
      in_(connection_, "SELECT name, path FROM place WHERE inode = ? AND device = ?") {}

void ToldPlaces::put(FileId folder, const ToldPlace& place) {
  const std::scoped_lock lock{mutex_};
  const auto path = place.path ? std::optional<std::string_view>{*place.path} : std::nullopt;
  put_.bind(as_integer(folder.inode), as_integer(folder.device), place.name, path).run();
  is_empty_ = false;
}

std::optional<ToldPlace> ToldPlaces::find(FileId folder, const std::string& name) {
  if (is_empty_) return std::nullopt;
  const std::scoped_lock lock{mutex_};
  std::optional<ToldPlace> found;
  if (find_.bind(as_integer(folder.inode), as_integer(folder.device), name).step())
    found = place_in(find_);
  find_.reset();
  return found;
}

std::vector<ToldPlace> ToldPlaces::in(FileId folder) {
  std::vector<ToldPlace> places;
  if (is_empty_) return places;
  const std::scoped_lock lock{mutex_};
  in_.bind(as_integer(folder.inode), as_integer(folder.device));
  while (in_.step()) places.push_back(place_in(in_));
  in_.reset();
  return places;
}

}  // namespace syncline::index
