// SPDX-License-Identifier: MIT
#include "filesystem/own_locks.h"

#include "filesystem/ancestors.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/state_folder.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"

#include <array>
#include <cinttypes>
#include <cstdio>

namespace syncline::filesystem {
namespace {

std::string name_of(FileId locked) {
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "%" PRIx64 "-%" PRIx64 ".lock", locked.device,
                locked.inode);
  return name.data();
}

// What is there already of the way to `path`.
Directory nearest_above(std::string path) {
  for (;;) {
    try {
      return Directory::open_root_to_enter(path);
    } catch (const SystemError& error) {
      if (error.error_number() != ENOENT || path == "/") throw;
    }
    path = split_path(path).parent;
  }
}

}  // namespace

std::optional<OwnLocks> OwnLocks::beside(const Directory& root) {
  const auto path = usual_state_folder();
  if (!path) return std::nullopt;
  try {
    if (lies_within(nearest_above(*path), root)) return std::nullopt;
    Directory folder = make_state_folder(*path);
    if (why_not_private(folder.look()) || why_others_could_exchange(folder) || is_remote(folder))
      return std::nullopt;
    return OwnLocks{std::move(folder)};
  } catch (const SystemError&) {
    return std::nullopt;
  }
}

OwnLocks::~OwnLocks() {
  for (Held& each : held_) std::move(each.lock).remove(folder_, each.name);
}

bool OwnLocks::try_lock(FileId locked, LockMode mode) {
  std::string name = name_of(locked);
  auto lock = FileLock::try_lock(folder_, name, mode);
  if (!lock) return false;
  held_.push_back({.name = std::move(name), .lock = std::move(*lock)});
  return true;
}

std::optional<std::string> OwnLocks::holder(FileId locked, LockMode mode) const {
  return FileLock::holder(folder_, name_of(locked), mode);
}

std::vector<FileId> OwnLocks::files() const {
  std::vector<FileId> ids;
  ids.reserve(held_.size());
  for (const Held& each : held_) ids.push_back(each.lock.id());
  return ids;
}

}  // namespace syncline::filesystem
