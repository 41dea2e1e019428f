// SPDX-License-Identifier: MIT
#include "pass/pass.h"

#include "filesystem/system_error.h"
#include "model/wanted.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <thread>
#include <utility>
#include <vector>

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

void Pass::abandon(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (why_abandoned_.empty()) why_abandoned_ = why;
  abandoned_ = true;
}

std::string Pass::why_abandoned() const {
  const std::scoped_lock lock{mutex_};
  return why_abandoned_;
}

void Pass::suppress_deletions(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_++ == 0) why_suppressed_ = why;
}

void Pass::suppress_deletions(const Failure& failure) {
  suppress_deletions("'" + failure.path + "': " + failure.detail);
}

std::string Pass::why_deletions_suppressed() const {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_ < 2) return why_suppressed_;
  return why_suppressed_ + " (and " + std::to_string(suppressed_times_ - 1) + " more)";
}

// Nothing is deleted below what could not be listed, for no name there is known. But a folder that
// gives way takes everything in it along.
void Pass::note_unseen(const Folder& folder, const Failure& failure) {
  has_unseen_ = true;
  if (!options.ignore_errors || folder.gives_way) suppress_deletions(failure);
}

// What is mounted there hides whatever was there before, so by that name nothing is deleted, and
// nothing came there from elsewhere. It may be a file system of somebody's own, which denies even
// root a look, or whose daemon is gone (FUSE): held back everywhere, deletions would be his to
// forbid. Any other entry may be what the destination has by another name still.
void Pass::note_unseen_entry(Folder& folder, const std::string& name, const Failure& failure) {
  if (is_mount_in_source(folder, name) && !folder.gives_way)
    has_unseen_ = true;
  else
    note_unseen(folder, failure);
}

bool Pass::is_mount_in_source(Folder& folder, const std::string& name) {
  try {
    return handles.get(folder, Side::source)->is_mount_root(name);
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

bool Pass::is_of_nosuid(const Folder& folder, const Entry& source) const {
  return source.kind == Kind::file && folder.side(Side::source).limits.no_set_id &&
         !options.trust_nosuid;
}

bool Pass::withholds_set_id(const Folder& folder, const Entry& source) const {
  return (source.mode & set_id_bits) != 0 && is_of_nosuid(folder, source);
}

bool Pass::withholds_device(const Folder& folder, const Entry& source) const {
  const bool is_device = source.kind == Kind::character_device || source.kind == Kind::block_device;
  return is_device && folder.side(Side::source).limits.no_devices && !options.trust_nodev;
}

void Pass::adapt(const Folder& folder, Entry& source) const {
  if (is_of_nosuid(folder, source)) source.mode &= ~set_id_bits;
  syncline::adapt(source, options.metadata);
}

bool Pass::adapt_attributes(const Folder& folder, Entry& source) const {
  const bool loses = is_of_nosuid(folder, source) && has(source.attributes, capability);
  if (loses)
    std::erase_if(source.attributes, [](const Attribute& x) { return x.name == capability; });
  if (!options.metadata.mode_changes.empty()) fit_acl(source);
  return loses;
}

bool Pass::is_new(Folder& folder, const Entry& source, const std::optional<Entry>& old) const {
  return syncline::is_new(old, old ? difference(source, *old, means(folder)) : MetadataChange{});
}

Entry Pass::wanted(Folder& folder, const Entry& source, const std::optional<Entry>& old,
                   const Entry& made) const {
  const bool has_mode_from_system = !options.metadata.mode && is_new(folder, source, old);
  return syncline::wanted(source, old, made, has_mode_from_system, options.metadata);
}

bool Pass::keeps_all_metadata() const {
  const KeptMetadata& kept = options.metadata;
  return kept.owner && kept.group && kept.mode;
}

Means Pass::means(Folder& folder) const {
  const KeptMetadata& kept = options.metadata;
  Means means = means_for_wanted(folder);
  means.compared.owner = kept.owner;
  means.compared.group = kept.group;
  means.compared.mode = kept.mode;
  means.compared.executability = kept.executability;
  return means;
}

Means Pass::means_for_wanted(Folder& folder) const {
  const KeptMetadata& kept = options.metadata;
  Means means{.user = privileges, .holds = {}, .compared = {}};
  means.compared.file_times = kept.times;
  means.compared.folder_times = kept.times && kept.folder_times;
  means.compared.link_times = kept.times && kept.link_times;
  means.compared.mtime_window_s = kept.mtime_window_s;
  const FolderSide& side = folder.side(Side::destination);
  means.holds.stamps = side.stamping.rule;
  if (!side.unheld) return means;
  means.holds.owner = !side.unheld->owner;
  means.holds.group = !side.unheld->group;
  means.holds.mode = !side.unheld->mode;
  means.holds.user_attributes = !side.unheld->user_attributes;
  means.holds.trusted_attributes = !side.unheld->trusted_attributes;
  means.holds.acl = !side.unheld->acl;
  means.holds.capabilities = !side.unheld->capabilities;
  return means;
}

void Pass::learn_unheld(Folder& folder, const Holds& holds) {
  const auto& known = folder.side(Side::destination).unheld;
  if (!known) return;
  if (!holds.owner && !known->takes_owner) known->owner = true;
  if (!holds.group && !known->takes_group) known->group = true;
  if (!holds.mode && !known->takes_mode) known->mode = true;
  if (!holds.user_attributes) known->user_attributes = true;
  if (!holds.trusted_attributes) known->trusted_attributes = true;
  if (!holds.acl) known->acl = true;
  if (!holds.capabilities) known->capabilities = true;
}

Trust Pass::trust_in(Folder& folder) const {
  return {.rehash = options.rehash,
          .adopt = options.adopt,
          .mtime = options.trust_mtime,
          .size = options.size_only,
          .source = folder.side(Side::source).stamping.rule,
          .destination = folder.side(Side::destination).stamping.rule,
          .mtime_window_s = options.metadata.mtime_window_s};
}

std::unique_ptr<index::Rows> Pass::remembered(const index::Stretch& stretch,
                                              index::Rows::TakesPart takes_part) {
  if (!has_index()) return nullptr;
  try {
    return index_->rows(stretch, std::move(takes_part));
  } catch (const index::SqliteError& error) {
    index_failed(error);
    return nullptr;
  }
}

ExceptionRef Pass::exception_of(const Folder& folder) {
  if (!has_index() || !index_->has_exceptions() || folder.row.key == index::no_row) return nullptr;
  try {
    return index_->exception(folder.row.key, {});
  } catch (const index::SqliteError& error) {
    index_failed(error);
    return nullptr;
  }
}

void Pass::forget_now(const Folder& folder, const std::string& name) {
  if (!has_index()) return;
  const std::scoped_lock lock{index_mutex_};
  try {
    index_->write_lasting(std::array<index::Edit, 1>{
        index::edit::ForgetFile{.folder = folder.row.key, .name = name}});
  } catch (const index::SqliteError& error) {
    index_failed(error);
    throw;
  }
}

void Pass::write_index(const std::vector<index::Edit>& edits) {
  if (!has_index() || (options.dry_run && !options.rehash)) return;
  const std::scoped_lock lock{index_mutex_};
  if (index_closed_) return;
  note_fresh(edits);
  try {
    index_->write(edits);
  } catch (const index::SqliteError& error) {
    index_failed(error);
  }
}

void Pass::write_visibly(const std::vector<index::Edit>& edits) {
  if (options.dry_run) return;
  const std::scoped_lock lock{index_mutex_};
  if (index_closed_) return;
  note_fresh(edits);
  index_->write_visibly(edits);
}

void Pass::close_index_now() {
  std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(time_to_next_tick(), tick));
  const std::scoped_lock lock{index_mutex_};
  if (!has_index()) return;
  index_closed_ = true;
  try {
    index_->write_visibly(forget_fresh());
  } catch (const index::SqliteError& error) {
    index_failed(error);
  }
}

bool Pass::count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s) {
  const std::scoped_lock lock{index_mutex_};
  if (!has_index()) return false;
  index_->count_removals(entries, bytes, now_s);
  return true;
}

void Pass::prepare_lookup() {
  const std::scoped_lock lock{index_mutex_};
  index_->prepare_lookup();
}

void Pass::index_failed(const index::SqliteError& error) {
  suppress_deletions(std::string("the index failed: ") + error.what());
  const std::scoped_lock lock{mutex_};
  if (!index_failure_) index_failure_ = {.why = error.what(), .is_damage = error.is_damage()};
  index_failed_ = true;
}

std::optional<Pass::IndexFailure> Pass::index_failure() const {
  const std::scoped_lock lock{mutex_};
  return index_failure_;
}

void Pass::note_no_spelling(std::uint64_t device) {
  const std::scoped_lock lock{mutex_};
  keeps_no_spelling_.insert(device);
}

bool Pass::keeps_no_spelling(std::uint64_t device) const {
  const std::scoped_lock lock{mutex_};
  return keeps_no_spelling_.contains(device);
}

void Pass::note_stamp(const Timestamp& ctime) {
  if (is_whole_second(ctime)) stamps_are_whole_seconds_ = true;
  last_stamp_noted_ = std::chrono::steady_clock::now().time_since_epoch().count();
}

void Pass::note_fresh(const std::vector<index::Edit>& edits) {
  if (!stamps_are_whole_seconds_) return;
  const auto now = std::chrono::steady_clock::now();
  while (!fresh_rows_.empty() && now - fresh_rows_.front().written > coarse_tick)
    fresh_rows_.pop_front();
  for (const index::Edit& edit : edits)
    if (auto row = row_with_stamps(edit)) fresh_rows_.push_back({now, std::move(*row)});
}

std::vector<index::Edit> Pass::forget_fresh() {
  std::vector<index::Edit> undo;
  for (FreshRow& row : std::exchange(fresh_rows_, {})) undo.emplace_back(std::move(row.undo));
  return undo;
}

void Pass::outlast_coarse_stamps() {
  if (!stamps_are_whole_seconds_) return;
  std::mutex alone;
  std::unique_lock waiting{alone};
  std::condition_variable_any clock;
  clock.wait_for(waiting, stop_, time_to_next_tick(), [] { return false; });
  const bool is_over = time_to_next_tick() == std::chrono::nanoseconds{};
  stamps_are_whole_seconds_ = false;
  if (is_over) return;
  write_index(forget_fresh());
}

std::chrono::nanoseconds Pass::time_to_next_tick() const {
  if (last_stamp_noted_ == 0) return {};
  const std::chrono::nanoseconds passed = std::chrono::steady_clock::now().time_since_epoch() -
                                          std::chrono::nanoseconds(last_stamp_noted_.load());
  return std::max<std::chrono::nanoseconds>(
      (stamps_are_whole_seconds_ ? coarse_tick : tick) - passed, {});
}

void Pass::note_unwanted(const std::string& path) {
  constexpr std::size_t most = 3;
  if (unwanted_count_.fetch_add(1, std::memory_order_relaxed) >= most) return;
  const std::scoped_lock lock{mutex_};
  unwanted_.push_back(path);
}

std::vector<std::string> Pass::unwanted() const {
  const std::scoped_lock lock{mutex_};
  return unwanted_;
}

filesystem::Access Pass::source_access(Folder& folder) {
  const std::uint64_t device = folder.side(Side::source).id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto known = access_.find(device); known != access_.end()) return known->second;
  }
  try {
    const auto access = filesystem::access_of(*handles.get(folder, Side::source));
    const std::scoped_lock lock{mutex_};
    return access_.emplace(device, access).first->second;
  } catch (const filesystem::SystemError&) {
    return filesystem::Access::in_order;  // the folder is out of reach, and so will its files be
  }
}

index::FolderKey Pass::late_key(Folder& folder) {
  const std::scoped_lock lock{mutex_};
  std::vector<Folder*> missing;
  index::FolderKey key = index::no_folder;
  for (Folder* at = &folder; at != nullptr && key == index::no_folder; at = at->parent.get()) {
    key = at->late_key;
    if (key == index::no_folder) missing.push_back(at);
  }
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    Folder* const at = *next;
    const bool mirrored = at->role == Folder::Role::mirrored;
    key = late.add_folder(key, at->name, at->depth, at->side(Side::destination).id,
                          mirrored ? std::optional{at->side(Side::source).id} : std::nullopt,
                          at->row.key);
    at->late_key = key;
    if (at->stands_at) stand_ins_.emplace(key, at->stands_at);
  }
  return key;
}

std::shared_ptr<Folder> Pass::stand_in(index::FolderKey key) const {
  const std::scoped_lock lock{mutex_};
  const auto found = stand_ins_.find(key);
  return found != stand_ins_.end() ? found->second : nullptr;
}

void Pass::note_file_system(Side side, const FolderSide& folder) {
  const std::scoped_lock lock{mutex_};
  FileSystem& known =
      file_systems_.at(static_cast<std::size_t>(side))
          .emplace(folder.id.device,
                   FileSystem{.stamping = folder.stamping, .unheld = folder.unheld, .limits = {}})
          .first->second;
  known.limits = known.limits.stricter(folder.limits);
}

void Pass::tell_file_system(Side side, FolderSide& folder) const {
  const std::scoped_lock lock{mutex_};
  const auto& known = file_systems_.at(static_cast<std::size_t>(side));
  const auto found = known.find(folder.id.device);
  if (found == known.end()) return;
  folder.stamping = found->second.stamping;
  folder.unheld = found->second.unheld;
  folder.limits = found->second.limits;
}

}  // namespace syncline::engine
