// SPDX-License-Identifier: MIT
#include "applying/folders_with_steps.h"

#include "filesystem/paths.h"

#include <string>

namespace syncline::applying {
namespace {

constexpr int cache_kib = 2048;

constexpr const char* tables = "CREATE TABLE folder(path BLOB PRIMARY KEY) WITHOUT ROWID;";

}  // namespace

FoldersWithSteps::FoldersWithSteps(const StepFile& steps)
    : connection_(index::open_temporary(tables, cache_kib)),
      find_(connection_, "SELECT 1 FROM folder WHERE path = ?") {
  index::Statement add{connection_, "INSERT INTO folder VALUES(?)"};
  std::string last;
  steps.for_each_path([&](std::string_view path) {
    std::string_view folder = filesystem::folder_of(path);
    if (folder == last) return;
    last = folder;
    // Where a folder is there, those that it is in are.
    for (; !has(folder); folder = filesystem::folder_of(folder)) add.bind(folder).run();
  });
}

bool FoldersWithSteps::has(std::string_view folder) {
  const bool has = find_.bind(folder).step();
  find_.reset();
  return has;
}

}  // namespace syncline::applying
