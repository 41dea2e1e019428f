// SPDX-License-Identifier: MIT
#include "filesystem/own_locks.h"

#include "filesystem/ancestors.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/state_folder.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <thread>

namespace syncline::filesystem {
namespace {

std::string name_of(FileId locked) {
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "%" PRIx64 "-%" PRIx64 ".lock", locked.device,
                locked.inode);
  return name.data();
}

bool is_of_a_lock(const std::string& name) {
  FileId locked;
  return std::sscanf(name.c_str(), "%" SCNx64 "-%" SCNx64 ".lock", &locked.device, &locked.inode) ==
             2 &&
         name == name_of(locked);
}

// Of a description of its own, to lock it.
Descriptor reopen(const Directory& folder) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  return Descriptor{syscalls::openat(folder.descriptor(), ".", flags)};
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

std::optional<OwnLocks> OwnLocks::in(const std::optional<std::string>& path,
                                     const Directory& root) {
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

OwnLocks::OwnLocks(Directory folder) : folder_(std::move(folder)), gate_(reopen(folder_)) {}

/// While it lives no other run takes or leaves its own locks.
class OwnLocks::Alone {
 public:
  explicit Alone(Descriptor& gate) : gate_(gate) {
    // Others are in here for less than a millisecond. Who is for longer was stopped just then, or
    // is somebody else who may read the folder: he is not waited for again.
    constexpr std::chrono::milliseconds pause{1};
    constexpr int most_pauses = 200;
    for (int i = 0; gate_.is_open() && !has_entered(); ++i) {
      if (i == most_pauses) gate_.reset();
      std::this_thread::sleep_for(pause);
    }
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;
  ~Alone() {
    if (gate_.is_open()) release_flock(gate_.get());
  }

 private:
  [[nodiscard]] bool has_entered() const {
    return try_flock(gate_.get(), LockMode::exclusive) != LockAttempt::held_by_another;
  }
  Descriptor& gate_;
};

OwnLocks::~OwnLocks() {
  if (held_.empty()) return;
  const Alone alone{gate_};
  for (Held& each : held_) std::move(each.lock).remove(folder_, each.name);
}

// Who waited too long to be alone, as on a busy machine, goes on all the same: what others have for
// a moment, taking or leaving, is not another run's.
std::optional<FileLock> OwnLocks::lock_file(const std::string& name, LockMode mode) {
  constexpr std::chrono::milliseconds pause{1};
  constexpr int most_pauses = 50;
  for (int i = 0;; ++i) {
    {
      const Alone alone{gate_};
      auto lock = FileLock::try_lock(folder_, name, mode);
      if (lock || i == most_pauses) return lock;
    }
    std::this_thread::sleep_for(pause);
  }
}

bool OwnLocks::try_lock(FileId locked, LockMode mode) {
  std::string name = name_of(locked);
  auto lock = lock_file(name, mode);
  if (!lock) return false;
  if (!lock->is_effective()) {
    folder_.remove_file(name);
    throw SystemError("lock", name, ENOLCK);
  }
  held_.push_back({.name = std::move(name), .lock = std::move(*lock)});
  return true;
}

void OwnLocks::remove_left_behind() {
  try {
    const Alone alone{gate_};
    const Listing names = folder_.list();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string name{names[i]};
      const bool is_held = std::ranges::find(held_, name, &Held::name) != held_.end();
      if (is_held || !is_of_a_lock(name)) continue;
      auto lock = FileLock::try_lock_existing(folder_, name, LockMode::exclusive);
      if (lock) std::move(*lock).remove(folder_, name);
    }
  } catch (const SystemError&) {
    return;  // it keeps nobody out
  }
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
