// SPDX-License-Identifier: MIT
#include "filesystem/tree_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/state_folder.h"
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

OwnPlaces own_places(const Directory& root) {
  OwnPlaces own;
  const auto of_environment = usual_state_folder();
  const auto of_user = fixed_state_folder();
  const auto& lasting = of_user ? of_user : of_environment;
  if (auto fixed = OwnLocks::in(lasting, root)) own.fixed.emplace(std::move(*fixed));
  if (lasting == of_environment) return own;
  auto usual = OwnLocks::in(of_environment, root);
  const bool is_same = usual && own.fixed && usual->folder() == own.fixed->folder();
  if (usual && !is_same) own.usual.emplace(std::move(*usual));
  return own;
}

// Where none can be had, as on a full disk, the other locks alone.
bool lock_own(std::optional<OwnLocks>& own, const std::vector<Descriptor>& folders, LockMode mode) {
  if (!own) return true;
  try {
    for (const Descriptor& folder : folders) {
      if (!own->try_lock(identify(folder.get()), mode)) return false;
      mode = LockMode::shared;
    }
  } catch (const SystemError&) {
    own.reset();
  }
  if (own) own->remove_left_behind();
  return true;
}

std::string how_to_pass_over() {
  const auto place = fixed_state_folder();
  const std::string name = place ? "'" + *place + '\'' : "STATE_DIRECTORY";
  return name + " were a private folder, and not in the destination";
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
  result.own_ = own_places(start);
  std::vector<Descriptor> folders = self_and_ancestors(start);
  for (std::optional<OwnLocks>* const own : {&result.own_.fixed, &result.own_.usual})
    if (!lock_own(*own, folders, mode)) return std::nullopt;
  for (Descriptor& folder : folders) {
    if (!result.lock(std::move(folder), mode)) return std::nullopt;
    mode = LockMode::shared;
  }
  return result;
}

bool TreeLock::lock(Descriptor folder, LockMode mode) {
  const bool is_root = mode == LockMode::exclusive;
  const auto [attempt, holders] = contest(folder.get(), mode);
  if (attempt == LockAttempt::held_by_another) {
    if (whose(holders, geteuid()) != Whose::strangers) return false;
    return !is_root || pass_over(std::move(folder), holders);
  }
  if (attempt == LockAttempt::not_supported && is_root) effective_ = false;
  held_.push_back(std::move(folder));
  return true;
}

// A shared lock beside theirs shows us to runs that know nothing of our own locks, and them to us;
// two that come at once see each other.
bool TreeLock::pass_over(Descriptor root, const std::vector<LockHolder>& strangers) {
  if (!own_.fixed && !own_.usual) return false;
  const bool is_shared = try_flock(root.get(), LockMode::shared) == LockAttempt::taken;
  if (!is_shared && !own_.fixed) return false;
  if (is_shared && whose(lock_holders(root.get(), getpid()), geteuid()) == Whose::ours)
    return false;
  passed_over_ = in_words(strangers);
  if (is_shared) held_.push_back(std::move(root));
  return true;
}

std::vector<FileId> TreeLock::files() const {
  std::vector<FileId> all;
  for (const auto* const own : {&own_.fixed, &own_.usual}) {
    if (!*own) continue;
    const std::vector<FileId> ids = (*own)->files();
    all.insert(all.end(), ids.begin(), ids.end());
  }
  return all;
}

std::vector<FileId> TreeLock::folders() const {
  std::vector<FileId> all;
  for (const auto* const own : {&own_.fixed, &own_.usual})
    if (*own) all.push_back((*own)->folder());
  return all;
}

std::string TreeLock::holder(const Directory& root) {
  return holder(root, LockMode::exclusive);
}

std::string TreeLock::holder_above(const Directory& parent) {
  return holder(parent, LockMode::shared);
}

std::string TreeLock::holder(const Directory& start, LockMode mode) {
  const OwnPlaces places = own_places(start);
  std::optional<LockHolder> stranger;
  for (const Descriptor& folder : self_and_ancestors(start)) {
    for (const LockHolder& holder : in_the_way(folder.get(), mode)) {
      if (whose({holder}, geteuid()) != Whose::strangers) return describe(holder, geteuid());
      if (mode == LockMode::exclusive) stranger = holder;
    }
    for (const auto* const own : {&places.fixed, &places.usual})
      if (const auto holder = *own ? (*own)->holder(identify(folder.get()), mode) : std::nullopt)
        return *holder;
    mode = LockMode::shared;
  }
  if (!stranger) return "another process";
  return describe(*stranger, geteuid()) + ", whose lock would be ignored if " + how_to_pass_over();
}

}  // namespace syncline::filesystem
