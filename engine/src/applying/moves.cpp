// SPDX-License-Identifier: MIT
#include "applying/moves.h"

namespace syncline::applying {
namespace {

constexpr int cache_kib = 2048;

constexpr const char* tables =
    "CREATE TABLE planned(device INTEGER NOT NULL, inode INTEGER NOT NULL, "
    "PRIMARY KEY(device, inode)) WITHOUT ROWID;"
    "CREATE TABLE done(device INTEGER NOT NULL, inode INTEGER NOT NULL, "
    "PRIMARY KEY(device, inode)) WITHOUT ROWID;"
    "CREATE TABLE exchanged_from(path BLOB PRIMARY KEY) WITHOUT ROWID;";

void add(index::Statement& statement, const FileId& id) {
  statement.bind(index::as_integer(id.device), index::as_integer(id.inode)).run();
}

bool has_row(index::Statement& bound) {
  const bool has = bound.step();
  bound.reset();
  return has;
}

bool has(index::Statement& statement, const FileId& id) {
  return has_row(statement.bind(index::as_integer(id.device), index::as_integer(id.inode)));
}

}  // namespace

Moves::Moves()
    : connection_(index::open_temporary(tables, cache_kib)),
      add_planned_(connection_, "INSERT OR IGNORE INTO planned VALUES(?, ?)"),
      find_planned_(connection_, "SELECT 1 FROM planned WHERE device = ? AND inode = ?"),
      add_exchanged_from_(connection_, "INSERT OR IGNORE INTO exchanged_from VALUES(?)"),
      find_exchanged_from_(connection_, "SELECT 1 FROM exchanged_from WHERE path = ?"),
      add_done_(connection_, "INSERT OR IGNORE INTO done VALUES(?, ?)"),
      find_done_(connection_, "SELECT 1 FROM done WHERE device = ? AND inode = ?") {}

void Moves::plan(const PlanStep& step) {
  const Action& action = step.action;
  if (action.verb != Verb::move) return;
  any_ = true;
  if (action.given.exchanged) add_exchanged_from_.bind(action.moved_from.whole()).run();
  for (const auto& entry : {action.given.destination, action.given.exchanged})
    if (entry) add(add_planned_, entry->id);
}

bool Moves::is_planned(const FileId& id) {
  return any_ && has(find_planned_, id);
}

bool Moves::is_exchanged_from(std::string_view path) {
  return any_ && has_row(find_exchanged_from_.bind(path));
}

void Moves::note_done(const FileId& id) {
  add(add_done_, id);
}

bool Moves::is_done(const FileId& id) {
  return any_ && has(find_done_, id);
}

void Moves::forget_done() {
  connection_.execute("DELETE FROM done");
}

}  // namespace syncline::applying
