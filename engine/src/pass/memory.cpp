// SPDX-License-Identifier: MIT
#include "pass/memory.h"

#include "filesystem/paths.h"
#include "filesystem/system_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <iterator>
#include <thread>

namespace syncline::engine {
namespace {

constexpr std::chrono::nanoseconds tick{clock_tick_ns};
constexpr std::chrono::nanoseconds coarse_tick = tick + std::chrono::seconds(1);

// Of an edit that says what a destination file's stamps are.
std::optional<index::edit::ForgetFile> row_with_stamps(const index::Edit& edit) {
  const auto row = [](const auto& what) {
    return index::edit::ForgetFile{.folder = what.folder, .name = what.name};
  };
  if (const auto* put = std::get_if<index::edit::PutFile>(&edit)) return row(*put);
  if (const auto* prove = std::get_if<index::edit::ProveFile>(&edit)) return row(*prove);
  if (const auto* move = std::get_if<index::edit::MoveDestination>(&edit)) return row(*move);
  if (const auto* copy = std::get_if<index::edit::CopyFile>(&edit)) return row(*copy);
  if (const auto* move = std::get_if<index::edit::MoveFile>(&edit)) return row(*move);
  return std::nullopt;
}

}  // namespace

// Of a pass that changes nothing: what it found out, and nothing of what it would move or remove.
bool Memory::is_proof(const index::Edit& edit) const {
  const auto* const folder = std::get_if<index::edit::PutFolder>(&edit);
  if (folder != nullptr) return folder->row.key >= first_new_;
  return std::holds_alternative<index::edit::PutFile>(edit) ||
         std::holds_alternative<index::edit::ProveFile>(edit) ||
         std::holds_alternative<index::edit::MarkRotten>(edit) ||
         std::holds_alternative<index::edit::PutException>(edit);
}

std::unique_ptr<index::Rows> Memory::rows(const index::Stretch& stretch,
                                          index::Rows::TakesPart takes_part) {
  if (!is_usable()) return nullptr;
  return ask([&] { return index_->rows(stretch, std::move(takes_part)); }).value_or(nullptr);
}

ExceptionRef Memory::exception_of(const Folder& folder) {
  if (!is_usable() || !index_->has_exceptions() || folder.row.key == index::no_row) return nullptr;
  return ask([&] { return index_->exception(folder.row.key, {}); }).value_or(nullptr);
}

void Memory::prepare_lookup() {
  const std::scoped_lock lock{writing_};
  index_->prepare_lookup();
}

void Memory::write(const std::vector<index::Edit>& edits) {
  if (!is_usable() || writes_ == Writes::apart) return;
  const std::scoped_lock lock{writing_};
  if (is_closed_) return;
  if (writes_ == Writes::proofs_and_apart) {
    std::vector<index::Edit> proofs;
    std::ranges::copy_if(edits, std::back_inserter(proofs),
                         [&](const index::Edit& edit) { return is_proof(edit); });
    ask([&] { index_->write(proofs); });
    return;
  }
  note_fresh(edits);
  ask([&] { index_->write(edits); });
}

template <typename Work>
void Memory::write_surely(Work work) {
  const std::scoped_lock lock{writing_};
  if (is_closed_) return;
  try {
    work();
  } catch (const index::SqliteError& error) {
    note_failed(error);
    throw;
  }
}

void Memory::write_visibly(const std::vector<index::Edit>& edits) {
  if (writes_ == Writes::proofs) return;
  write_surely([&] {
    if (writes_ == Writes::proofs_and_apart) return index_->write_in_copy(edits);
    note_fresh(edits);
    index_->write_visibly(edits);
  });
}

std::optional<index::Lookup> Memory::begin_apart() {
  const bool is_apart = writes_ == Writes::apart || writes_ == Writes::proofs_and_apart;
  if (!is_apart || apart_) return std::nullopt;
  const std::scoped_lock lock{writing_};
  if (cannot_part_) throw filesystem::SystemError("copy the index", "", ENOSPC);
  cannot_part_ = true;
  filesystem::ScratchFolder folder;
  try {
    const std::string copy = filesystem::join_path(folder.path(), "index");
    if (writes_ == Writes::apart)
      index_->go_on_in_copy(copy);
    else
      index_->look_in_copy(copy);
  } catch (const index::SqliteError&) {
    throw filesystem::SystemError("copy the index", "", ENOSPC);
  }
  cannot_part_ = false;
  apart_.emplace(std::move(folder));
  return index_->lookup();
}

void Memory::show_written() {
  if (!is_usable() || writes_ == Writes::apart) return;
  const std::scoped_lock lock{writing_};
  ask([&] { index_->write_visibly({}); });
}

void Memory::forget_now(const Folder& folder, const std::string& name) {
  if (!is_usable()) return;
  write_surely([&] {
    index_->write_lasting(std::array<index::Edit, 1>{
        index::edit::ForgetFile{.folder = folder.row.key, .name = name}});
  });
}

bool Memory::count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s) {
  const std::scoped_lock lock{writing_};
  return is_usable() && ask([&] { index_->count_removals(entries, bytes, now_s); });
}

void Memory::close_now() {
  std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(time_to_next_tick(), tick));
  const std::scoped_lock lock{writing_};
  if (!is_usable()) return;
  is_closed_ = true;
  ask([&] { index_->write_visibly(forget_fresh()); });
}

void Memory::note_failed(const index::SqliteError& error) {
  brakes_.suppress_deletions(HeldDeletions{.code = HeldCode::index_failed, .cause = error.what()});
  const std::scoped_lock lock{failing_};
  if (!failure_) failure_ = {.why = error.what(), .is_damage = error.is_damage()};
  has_failed_ = true;
}

std::optional<Memory::Failed> Memory::failure() const {
  const std::scoped_lock lock{failing_};
  return failure_;
}

void Memory::note_stamp(const Timestamp& ctime) {
  if (is_whole_second(ctime)) stamps_are_whole_seconds_ = true;
  last_stamp_noted_ = std::chrono::steady_clock::now().time_since_epoch().count();
}

void Memory::note_fresh(const std::vector<index::Edit>& edits) {
  if (!stamps_are_whole_seconds_) return;
  const auto now = std::chrono::steady_clock::now();
  while (!fresh_rows_.empty() && now - fresh_rows_.front().written > coarse_tick)
    fresh_rows_.pop_front();
  for (const index::Edit& edit : edits)
    if (auto row = row_with_stamps(edit)) fresh_rows_.push_back({now, std::move(*row)});
}

std::vector<index::Edit> Memory::forget_fresh() {
  std::vector<index::Edit> undo;
  for (FreshRow& row : std::exchange(fresh_rows_, {})) undo.emplace_back(std::move(row.undo));
  return undo;
}

void Memory::outlast_coarse_stamps() {
  if (!stamps_are_whole_seconds_) return;
  std::mutex alone;
  std::unique_lock waiting{alone};
  std::condition_variable_any clock;
  clock.wait_for(waiting, brakes_.token(), time_to_next_tick(), [] { return false; });
  const bool is_over = time_to_next_tick() == std::chrono::nanoseconds{};
  stamps_are_whole_seconds_ = false;
  if (is_over) return;
  write(forget_fresh());
}

std::chrono::nanoseconds Memory::time_to_next_tick() const {
  if (last_stamp_noted_ == 0) return {};
  const std::chrono::nanoseconds passed = std::chrono::steady_clock::now().time_since_epoch() -
                                          std::chrono::nanoseconds(last_stamp_noted_.load());
  return std::max<std::chrono::nanoseconds>(
      (stamps_are_whole_seconds_ ? coarse_tick : tick) - passed, {});
}

}  // namespace syncline::engine
