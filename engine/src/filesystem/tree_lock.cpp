// SPDX-License-Identifier: MIT
#include "filesystem/tree_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/system_error.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace syncline::filesystem {
namespace {

bool is_gone(const LockHolder& holder) {
  return holder.sight == LockHolder::Sight::gone;
}

struct Contest {
  LockAttempt attempt;
  std::vector<LockHolder> holders;  ///< where it is held by another
};

// Whoever lets go meanwhile is not seen to hold it: be it that he has ended, which frees the lock,
// or that he does so again and again.
Contest contest(int fd, LockMode mode) {
  constexpr int most_attempts = 5;
  Contest result{};
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    result.attempt = try_flock(fd, mode);
    if (result.attempt != LockAttempt::held_by_another) break;
    result.holders = lock_holders(fd);
    if (!result.holders.empty() && std::ranges::none_of(result.holders, is_gone)) break;
  }
  return result;
}

std::string in_words(const std::vector<LockHolder>& holders) {
  std::string text = describe(holders.front(), geteuid());
  if (holders.size() > 1) text += ", and " + std::to_string(holders.size() - 1) + " more";
  return text;
}

}  // namespace

std::optional<TreeLock> TreeLock::try_lock(const Directory& root) {
  return try_lock(root, LockMode::exclusive);
}

std::optional<TreeLock> TreeLock::try_lock_above(const Directory& parent) {
  return try_lock(parent, LockMode::shared);
}

std::optional<TreeLock> TreeLock::try_lock(const Directory& start, LockMode mode) {
  TreeLock result;
  if (auto own = OwnLocks::beside(start)) result.own_.emplace(std::move(*own));
  std::vector<Descriptor> folders = self_and_ancestors(start);
  if (!result.lock_own(folders, mode)) return std::nullopt;
  for (Descriptor& folder : folders) {
    if (!result.lock(std::move(folder), mode)) return std::nullopt;
    mode = LockMode::shared;
  }
  return result;
}

// Where none can be had, as on a full disk, the folders' own count alone.
bool TreeLock::lock_own(const std::vector<Descriptor>& folders, LockMode mode) {
  if (!own_) return true;
  try {
    for (const Descriptor& folder : folders) {
      if (!own_->try_lock(identify(folder.get()), mode)) return false;
      mode = LockMode::shared;
    }
  } catch (const SystemError&) {
    own_.reset();
  }
  return true;
}

bool TreeLock::lock(Descriptor folder, LockMode mode) {
  const bool is_root = mode == LockMode::exclusive;
  const auto [attempt, holders] = contest(folder.get(), mode);
  if (attempt == LockAttempt::held_by_another) {
    if (whose(holders, geteuid()) != Whose::strangers) return false;
    if (is_root && !own_) return false;
    if (is_root) pass_over(std::move(folder), holders);
    return true;
  }
  if (attempt == LockAttempt::not_supported && is_root) effective_ = false;
  held_.push_back(std::move(folder));
  return true;
}

// A shared lock beside theirs shows us to runs that know nothing of our own locks.
void TreeLock::pass_over(Descriptor root, const std::vector<LockHolder>& strangers) {
  passed_over_ = in_words(strangers);
  if (try_flock(root.get(), LockMode::shared) == LockAttempt::taken)
    held_.push_back(std::move(root));
}

std::vector<FileId> TreeLock::files() const {
  return own_ ? own_->files() : std::vector<FileId>{};
}

std::optional<FileId> TreeLock::folder() const {
  return own_ ? std::optional{own_->folder()} : std::nullopt;
}

std::string TreeLock::holder(const Directory& root) {
  return holder(root, LockMode::exclusive);
}

std::string TreeLock::holder_above(const Directory& parent) {
  return holder(parent, LockMode::shared);
}

std::string TreeLock::holder(const Directory& start, LockMode mode) {
  const auto own = OwnLocks::beside(start);
  std::optional<LockHolder> stranger;
  for (const Descriptor& folder : self_and_ancestors(start)) {
    for (const LockHolder& holder : in_the_way(folder.get(), mode)) {
      if (whose({holder}, geteuid()) != Whose::strangers) return describe(holder, geteuid());
      if (mode == LockMode::exclusive) stranger = holder;
    }
    if (const auto holder = own ? own->holder(identify(folder.get()), mode) : std::nullopt)
      return *holder;
    mode = LockMode::shared;
  }
  if (!stranger) return "another process";
  return describe(*stranger, geteuid()) +
         ", whose lock would be passed over if the state folder could be used: set "
         "STATE_DIRECTORY to a private one";
}

}  // namespace syncline::filesystem
