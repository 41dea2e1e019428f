// SPDX-License-Identifier: MIT
#include "content/naming.h"

#include "content/expected.h"
#include "filesystem/clock.h"

#include <chrono>
#include <utility>

namespace syncline::engine {

bool give_name(Pass& pass, const FileTask& task, const filesystem::File& unnamed,
               std::optional<Entry>& named) {
  const auto folder = pass.handles.get(*task.folder);
  const auto begin = std::chrono::steady_clock::now();
  if (auto* const intentions = pass.replica.intentions) {
    intentions->arrive(*task.folder, task.name, expected(pass, task));
    intentions->take(*task.folder, task.name);
  }
  if (!folder->give_name(unnamed, task.name)) {
    task.folder->there.unheld->unnamed = true;
    return false;
  }
  if (!pass.memory.is_usable() && !task.leads) return true;
  Entry now = unnamed.look();
  if (!was_long_ago(begin)) named = std::move(now);
  return true;
}

}  // namespace syncline::engine
