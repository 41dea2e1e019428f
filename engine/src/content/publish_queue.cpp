// SPDX-License-Identifier: MIT
#include "content/publish_queue.h"

#include "content/give_up.h"
#include "pass/failures.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::FlushMethod;

// One syncfs for 2,048 files of 9 KB costs no more than a single one at the end of the pass would
// (ext4, xfs).
constexpr std::size_t most_files = 2048;
// So much takes a solid-state disk half a second to flush, and a stop request need not wait longer.
constexpr std::uint64_t most_bytes = 256U << 20U;
// A group that is not full waits no longer. While one before it is being flushed the next one waits
// too: on a slow disk they would only hold each other up.
constexpr std::chrono::seconds longest_wait{2};

}  // namespace

PublishQueue::FileSystem& PublishQueue::file_system_of(Folder& folder) {
  Pass& pass = *folder.pass;
  const std::uint64_t device = folder.there.id.device;
  const auto found = file_systems_.find({&pass, device});
  if (found != file_systems_.end()) return found->second;
  const auto handle = pass.handles.get(folder);
  const auto method =
      pass.terms.options.flush ? filesystem::flush_method(*handle) : FlushMethod::none;
  FileSystem file_system{
      .folder = handle,
      .waiting = {.pass = &pass, .method = method, .device = device, .files = {}}};
  return file_systems_.emplace(Key{&pass, device}, std::move(file_system)).first->second;
}

PublishGroup PublishQueue::hand_out(FileSystem& file_system) {
  PublishGroup& waiting = file_system.waiting;
  return std::exchange(
      waiting,
      {.pass = waiting.pass, .method = waiting.method, .device = waiting.device, .files = {}});
}

std::optional<PublishQueue::Clock::time_point> PublishQueue::next_due() const {
  std::optional<Clock::time_point> next;
  for (const auto& [device, file_system] : file_systems_) {
    if (file_system.waiting.files.empty() || file_system.under_way > 0) continue;
    const Clock::time_point due = file_system.since + longest_wait;
    next = std::min(next.value_or(due), due);
  }
  return next;
}

std::vector<PublishGroup> PublishQueue::add(Outcomes& outcomes) {
  std::vector<Finished> finished = std::exchange(outcomes.finished, {});
  const std::scoped_lock lock{mutex_};
  std::vector<PublishGroup> ready;
  for (Finished& file : finished) {
    FileSystem* file_system = nullptr;
    const bool is_known = attempt(
        *file.task.folder, file.task.name,
        [&] { file_system = &file_system_of(*file.task.folder); },
        [&](Failure failure) { outcomes.events.emplace_back(std::move(failure)); });
    if (!is_known) {
      give_up(*file.task.folder->pass, file, outcomes);
      continue;
    }
    PublishGroup& group = file_system->waiting;
    if (group.files.empty()) {
      group.files.reserve(finished.size());
      if (group.method != FlushMethod::none) {
        file_system->since = Clock::now();
        changed_.notify_one();
      }
    }
    group.bytes += file.task.source.identity.size;
    group.files.push_back(std::move(file));
    const bool is_full = group.files.size() >= most_files || group.bytes >= most_bytes;
    if (is_full && group.method != FlushMethod::none) ready.push_back(hand_out(*file_system));
  }
  for (auto& [device, file_system] : file_systems_) {
    const PublishGroup& waiting = file_system.waiting;
    if (waiting.method == FlushMethod::none && !waiting.files.empty())
      ready.push_back(hand_out(file_system));
  }
  return ready;
}

PublishGroup PublishQueue::alone(Finished finished) {
  const std::scoped_lock lock{mutex_};
  const PublishGroup& waiting = file_system_of(*finished.task.folder).waiting;
  PublishGroup group{
      .pass = waiting.pass, .method = waiting.method, .device = waiting.device, .files = {}};
  group.bytes = finished.task.source.identity.size;
  group.files.push_back(std::move(finished));
  return group;
}

void PublishQueue::note_begun(const PublishGroup& group) {
  const std::scoped_lock lock{mutex_};
  ++file_systems_.at({group.pass, group.device}).under_way;
}

void PublishQueue::note_ended(const PublishGroup& group) {
  const std::scoped_lock lock{mutex_};
  FileSystem& file_system = file_systems_.at({group.pass, group.device});
  if (--file_system.under_way == 0 && !file_system.waiting.files.empty()) changed_.notify_one();
}

bool PublishQueue::wait_until_due(const std::stop_token& over) {
  std::unique_lock lock{mutex_};
  while (!over.stop_requested()) {
    const auto next = next_due();
    const auto is_another = [&] { return next_due() != next; };
    if (!next)
      changed_.wait(lock, over, is_another);
    else if (*next <= Clock::now())
      return true;
    else
      changed_.wait_until(lock, over, *next, is_another);
  }
  return false;
}

std::vector<PublishGroup> PublishQueue::take_due() {
  const std::scoped_lock lock{mutex_};
  const auto now = Clock::now();
  std::vector<PublishGroup> groups;
  for (auto& [device, file_system] : file_systems_) {
    const bool is_due = file_system.under_way == 0 && file_system.since + longest_wait <= now;
    if (is_due && !file_system.waiting.files.empty()) groups.push_back(hand_out(file_system));
  }
  return groups;
}

std::vector<PublishGroup> PublishQueue::take() {
  const std::scoped_lock lock{mutex_};
  std::vector<PublishGroup> groups;
  for (auto& [device, file_system] : file_systems_)
    if (!file_system.waiting.files.empty()) groups.push_back(hand_out(file_system));
  return groups;
}

void PublishQueue::flush_all(Folder& root, std::vector<Event>& events) {
  const auto on_failure = [&](Failure failure) { events.emplace_back(std::move(failure)); };
  attempt(
      root, {},
      [&] {
        const std::scoped_lock lock{mutex_};
        file_system_of(root);
      },
      on_failure);
  for (const auto& entry : file_systems_) {
    const FileSystem& file_system = entry.second;
    if (file_system.waiting.pass == root.pass && file_system.waiting.method != FlushMethod::none)
      attempt(
          root, {}, [&] { file_system.folder->flush_filesystem(); }, on_failure);
  }
}

}  // namespace syncline::engine
