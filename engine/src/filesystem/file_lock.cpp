// SPDX-License-Identifier: MIT
#include "filesystem/file_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/lock_holders.h"
#include "filesystem/named_path.h"
#include "filesystem/paths.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <unistd.h>

#include <cerrno>

namespace syncline::filesystem {
namespace {

constexpr int as_plain_file = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

bool is_still_named(const Descriptor& opened, const Directory& folder, const std::string& name) {
  const auto now = folder.look(name);
  return now && now->identity.id == identify(opened.get());
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const Directory& folder, const std::string& name,
                                           LockMode mode) {
  return try_lock(folder, name, mode, O_RDWR | O_CREAT | as_plain_file);
}

std::optional<FileLock> FileLock::try_lock_existing(const Directory& folder,
                                                    const std::string& name, LockMode mode) {
  try {
    return try_lock(folder, name, mode, O_RDONLY | as_plain_file);
  } catch (const SystemError& error) {
    if (error.error_number() != ENOENT) throw;
    return FileLock{};
  }
}

std::optional<FileLock> FileLock::try_lock(const Directory& folder, const std::string& name,
                                           LockMode mode, int flags) {
  constexpr mode_t private_file = 0600;
  constexpr int most_attempts = 100;
  require_plain(name);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Descriptor opened{syscalls::openat(folder.descriptor(), name.c_str(), flags, private_file)};
    if (!opened.is_open()) throw_errno((flags & O_CREAT) != 0 ? "create" : "open", name);
    const LockAttempt lock = try_flock(opened.get(), mode);
    if (lock == LockAttempt::held_by_another) return std::nullopt;
    // Whoever held it before may have removed it meanwhile: then it keeps nobody out.
    if (is_still_named(opened, folder, name))
      return FileLock{std::move(opened), lock == LockAttempt::taken};
  }
  throw SystemError("lock what others remove again and again,", name, EBUSY);
}

std::optional<std::string> FileLock::holder(const Directory& folder, const std::string& name,
                                            LockMode mode) {
  require_plain(name);
  const Descriptor opened{
      syscalls::openat(folder.descriptor(), name.c_str(), O_RDONLY | as_plain_file)};
  if (!opened.is_open()) return std::nullopt;
  const auto holders = in_the_way(opened.get(), mode);
  if (holders.empty()) return std::nullopt;
  return describe(holders.front(), geteuid());
}

FileId FileLock::id() const {
  return identify(held_.get());
}

void FileLock::remove(const Directory& folder, const std::string& name) && {
  const Descriptor held = std::move(held_);
  try {
    if (try_flock(held.get(), LockMode::exclusive) == LockAttempt::taken &&
        is_still_named(held, folder, name))
      folder.remove_file(name);
  } catch (const SystemError&) {
    return;  // it keeps nobody out
  }
}

}  // namespace syncline::filesystem
