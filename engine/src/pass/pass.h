// What all stages of one pass share: what was asked, what this user may do, and what was found so
// far.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/calls.h"
#include "filesystem/storage.h"
#include "filter/listed.h"
#include "filter/rules.h"
#include "index/index.h"
#include "index/late_list.h"
#include "index/link_groups.h"
#include "judge/standing.h"
#include "model/metadata.h"
#include "model/wanted.h"
#include "pass/durability.h"
#include "pass/handles.h"
#include "pass/name_trials.h"
#include "pass/room.h"
#include "pass/secrets.h"
#include "pass/throttle.h"
#include "pass/under_way.h"
#include "pass/unkept.h"
#include "pass/unnamed.h"
#include "tag/tagger.h"

#include "syncline/mirror.h"
#include "syncline/progress.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::engine {

/// Counted by many workers at once.
struct SharedTally {
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> bytes{0};

  void add(const Tally& tally) {
    entries.fetch_add(tally.entries, std::memory_order_relaxed);
    bytes.fetch_add(tally.bytes, std::memory_order_relaxed);
  }
  void subtract(const Tally& tally) {
    entries.fetch_sub(tally.entries, std::memory_order_relaxed);
    bytes.fetch_sub(tally.bytes, std::memory_order_relaxed);
  }
  [[nodiscard]] Tally value() const { return {.entries = entries, .bytes = bytes}; }
};

/// What the walk found; the rest of the summary is made from the events.
struct Totals {
  SharedTally source;
  SharedTally destination;
  std::array<std::atomic<std::uint64_t>, kinds> source_kinds{};
  SharedTally proved;
  std::array<SharedTally, standings> files;  ///< of one size on both sides, by Standing
  SharedTally to_compare;
  SharedTally again;
  std::atomic<std::uint64_t> ctime_moved{0};
  std::atomic<std::uint64_t> silent{0};
  std::atomic<std::uint64_t> doubtful{0};
  std::atomic<std::uint64_t> repaired{0};
  std::atomic<std::int64_t> oldest_proof_s{std::numeric_limits<std::int64_t>::max()};
  SharedTally deletions_wanted;
  std::atomic<std::uint64_t> moved_folders{0};
  SharedTally moved_files;  ///< those in moved folders included
  SharedTally left_alone;
  SharedTally removed;
  /// How far it has come (Progress). `done` may be ahead of or behind the truth by what is between
  /// two stages, and is exact in the end; its sums may wrap round on the way.
  std::atomic<Stage> stage{Stage::walking};
  std::atomic<std::int64_t> walks{0};  ///< folders to be walked that are left
  SharedTally work;
  SharedTally done;
  std::atomic<std::uint64_t> to_secure{0};
  std::atomic<std::uint64_t> secured{0};
  std::atomic<std::uint64_t> links{0};
  std::atomic<std::uint64_t> linked{0};
  std::atomic<std::uint64_t> bytes_read{0};
  std::atomic<std::uint64_t> bytes_written{0};
  std::atomic<std::uint64_t> bytes_hashed{0};
};

/// What may be open at a time, so that descriptors do not run out.
struct OpenLimits {
  std::size_t folders;
  std::size_t files;        ///< large ones, each of up to three descriptors: source, old, copy
  std::size_t unnamed = 0;  ///< copies that wait for a flush to be given their name
};

class Backups;
class Moves;

/// Thread-safe once built, but for write_index().
class Pass {
 public:
  /// `index_in_use`: nullptr for none.
  Pass(const Options& asked, std::stop_token stop_token, Privileges may, bool destination_is_ours,
       OpenLimits may_be_open, index::Index* index_in_use,
       std::optional<std::uint64_t> free_bytes = {})
      : options(asked),
        privileges(std::move(may)),
        locked(destination_is_ours),
        open_limits(may_be_open),
        rules(asked.filters, asked.delete_excluded),
        listed(asked.listed ? filter::Listed::build(*asked.listed, asked.recurse_listed) : nullptr),
        handles(may_be_open.folders, privileges, !asked.dry_run),
        durability(asked.flush),
        unnamed(may_be_open.unnamed),
        room(free_bytes),
        throttle(asked.bytes_per_second),
        secrets(index_in_use != nullptr ? index_in_use->secrets() : fresh_secrets()),
        tagger(secrets.content),
        stop_(std::move(stop_token)),
        index_(index_in_use) {}

  const Options& options;
  const Privileges privileges;
  /// No other run can be at work in the destination: a temporary met there is litter.
  const bool locked;
  const OpenLimits open_limits;
  const filter::Rules rules;
  const std::unique_ptr<const filter::Listed> listed;  ///< none: everything is
  Handles handles;
  Durability durability;
  UnnamedPlaces unnamed;
  NameTrials name_trials;
  index::LateList late;
  index::LinkGroups links;
  Totals totals;
  UnkeptCounts unkept;
  Room room;
  Throttle throttle;
  const index::Secrets secrets;  ///< of the index, or of this pass alone
  const tag::Tagger tagger;
  UnderWay under_way;
  filesystem::Calls* calls = nullptr;  ///< constant once the walk begins; those that it makes
  const Backups* backups = nullptr;    ///< constant once the walk begins; none: nothing is kept
  Moves* moves = nullptr;              ///< likewise; none: nothing is moved
  bool deletes_only = false;           ///< likewise: copies nothing
  Tally removed_before;        ///< likewise; by one that only deletes, and comes before this
  bool is_first_copy = false;  ///< the destination was empty; constant once it was listed
  Roots roots;                 ///< likewise
  std::array<std::string, 2> root_paths;  ///< likewise; canonical, by Side
  std::vector<FileId> state_files;        ///< likewise; the index, and what locks are made of
  std::vector<FileId> state_folders;      ///< likewise; where they come and go

  /// True once the user, or a finding that makes going on wrong, wants the pass to end.
  [[nodiscard]] bool stopping() const {
    return stop_.stop_requested() || abandoned_.load(std::memory_order_relaxed);
  }

  /// Both wait as Options::bytes_per_second has it. What is no content is not counted.
  void have_read(std::uint64_t bytes) { throttle.have_read(bytes, stop_); }
  void have_written(std::uint64_t bytes) { throttle.have_written(bytes, stop_); }

  /// Ends the pass. The first such sentence is what it is ended for.
  void abandon(const std::string& why);
  void abandon(const std::exception& error) {
    abandon(std::string("the pass cannot go on: ") + error.what());
  }
  [[nodiscard]] std::string why_abandoned() const;
  [[nodiscard]] bool is_abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

  /// Nothing may be deleted in this pass, because part of the trees could not be seen.
  void suppress_deletions(const std::string& why);
  void suppress_deletions(const Failure& failure);
  /// Empty while they may.
  [[nodiscard]] std::string why_deletions_suppressed() const;

  [[nodiscard]] bool keeps_everything() const {
    return listed || std::holds_alternative<deletion::None>(options.deletions);
  }

  /// Part of `folder`, or all of it, could not be seen.
  void note_unseen(const Folder& folder, const Failure& failure);
  /// Likewise the entry `name` of the source's `folder`, where that name was seen.
  void note_unseen_entry(Folder& folder, const std::string& name, const Failure& failure);
  [[nodiscard]] bool has_unseen() const { return has_unseen_; }

  /// Something that the source lacks is left in the destination for being protected there, rather
  /// than excluded from all.
  void note_protected() { has_protected_ = true; }
  [[nodiscard]] bool has_protected() const { return has_protected_; }

  /// Gives an entry of the source the metadata that is wanted in place of its own; the latter once
  /// its attributes were looked at.
  void adapt(const Folder& folder, Entry& source) const;
  /// True: its mount says not to trust its capabilities, and it lost them.
  bool adapt_attributes(const Folder& folder, Entry& source) const;
  /// `source` is a file whose mount in `folder` says not to trust what it would run with.
  [[nodiscard]] bool is_of_nosuid(const Folder& folder, const Entry& source) const;
  /// `source`, in `folder`, has set-id bits, or is a device, that its mount says not to trust.
  [[nodiscard]] bool withholds_set_id(const Folder& folder, const Entry& source) const;
  [[nodiscard]] bool withholds_device(const Folder& folder, const Entry& source) const;
  /// Likewise what depends on its counterpart.
  void adapt_to(Entry& source, const Entry& destination) const {
    const bool is_of_files = source.kind == Kind::file && destination.kind == Kind::file;
    if (options.metadata.executability && !options.metadata.mode && is_of_files)
      source.mode = with_executability(destination.mode, source.mode);
  }
  /// See syncline::is_new(), in `folder` or of it.
  [[nodiscard]] bool is_new(Folder& folder, const Entry& source,
                            const std::optional<Entry>& old) const;
  /// What the mirror of `source` shall be: it takes the place of `old` where there is such a thing,
  /// and is `made` so far.
  [[nodiscard]] Entry wanted(Folder& folder, const Entry& source, const std::optional<Entry>& old,
                             const Entry& made) const;
  /// Everything that a new file has comes from the source.
  [[nodiscard]] bool keeps_all_metadata() const;

  /// What can be kept of the metadata of entries in `folder`.
  [[nodiscard]] Means means(Folder& folder) const;
  /// Likewise of what wanted() returned, all of which counts.
  [[nodiscard]] Means means_for_wanted(Folder& folder) const;
  /// The file system of `folder`'s destination turned out to hold no more than that.
  static void learn_unheld(Folder& folder, const Holds& holds);

  /// What is believed of files in `folder` without reading them.
  [[nodiscard]] Trust trust_in(Folder& folder) const;

  /// What is remembered of `folder`'s own metadata.
  [[nodiscard]] ExceptionRef exception_of(const Folder& folder);

  /// False where none is kept, where it has failed, and once nothing is written to it any more.
  [[nodiscard]] bool has_index() const {
    return index_ != nullptr && !index_failed_ && !index_closed_;
  }
  /// What it remembers of `stretch`; nullptr where that is nothing, or it failed.
  std::unique_ptr<index::Rows> remembered(const index::Stretch& stretch,
                                          index::Rows::TakesPart takes_part);
  index::RowKey new_row() { return has_index() ? index_->new_folder() : index::no_row; }
  /// By one thread at a time. In a dry run that reads nothing is written.
  void write_index(const std::vector<index::Edit>& edits);
  /// Likewise, but for many threads, and whoever reads the index sees it when it returns.
  void write_visibly(const std::vector<index::Edit>& edits);
  /// So that the index can be asked for inodes.
  void prepare_lookup();
  /// What was written to the index is there for good, however this process ends; but for what
  /// relies on stamps that a later change could bear. Nothing more is written from here on.
  void close_index_now();
  /// So many entries and bytes, more or less, count as deleted. False: they could not be counted.
  bool count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s);
  /// What is remembered of `name` in `folder` is gone from the disk when it returns.
  void forget_now(const Folder& folder, const std::string& name);
  /// From here on the pass goes on without it.
  void index_failed(const index::SqliteError& error);
  struct IndexFailure {
    std::string why;
    bool is_damage = false;
  };
  [[nodiscard]] std::optional<IndexFailure> index_failure() const;

  /// The stamps of a file system on that side are worth less than elsewhere.
  void note_weak(Side side) { is_weak_.at(static_cast<std::size_t>(side)) = true; }
  [[nodiscard]] bool is_weak(Side side) const {
    return is_weak_.at(static_cast<std::size_t>(side));
  }

  /// A file system of the destination on which an entry has the spelling that it has.
  void note_no_spelling(std::uint64_t device);
  [[nodiscard]] bool keeps_no_spelling(std::uint64_t device) const;

  /// The index relies on a destination file that changed at `ctime`, just now.
  void note_stamp(const Timestamp& ctime);
  /// How long to wait until no later change can bear a stamp that was noted.
  [[nodiscard]] std::chrono::nanoseconds time_to_next_tick() const;
  /// Waits for as long as that, where it is about a second. A stop ends it, and then what the index
  /// relied on is forgotten. While nothing else is written to that.
  void outlast_coarse_stamps();

  /// Something that only the destination has, to be named if it is not removed.
  void note_unwanted(const std::string& path);
  [[nodiscard]] std::vector<std::string> unwanted() const;

  /// How the source's files in `folder` are best read.
  filesystem::Access source_access(Folder& folder);

  /// The row of `folder` in the late list, made with those above it on first use.
  index::FolderKey late_key(Folder& folder);
  /// Folder::stands_at of the one with that row.
  [[nodiscard]] std::shared_ptr<Folder> stand_in(index::FolderKey key) const;

  /// `folder` is on a file system that was not met before it, or has its id and shall know what is
  /// known of the file system that it is on.
  void note_file_system(Side side, const FolderSide& folder);
  void tell_file_system(Side side, FolderSide& folder) const;

 private:
  bool is_mount_in_source(Folder& folder, const std::string& name);

  std::stop_token stop_;
  std::atomic<bool> abandoned_{false};
  mutable std::mutex mutex_;
  std::string why_abandoned_;
  std::string why_suppressed_;
  std::uint64_t suppressed_times_ = 0;
  std::atomic<bool> has_unseen_{false};
  std::atomic<bool> has_protected_{false};
  std::map<std::uint64_t, filesystem::Access> access_;  // by device
  std::set<std::uint64_t> keeps_no_spelling_;
  struct FileSystem {
    Stamping stamping;
    std::shared_ptr<Unheld> unheld;
    filesystem::MountLimits limits;  ///< of any of its mounts
  };
  std::array<std::map<std::uint64_t, FileSystem>, 2> file_systems_;  // by Side, by device
  std::map<index::FolderKey, std::shared_ptr<Folder>> stand_ins_;    // in a dry run

  index::Index* const index_;
  std::mutex index_mutex_;  // for what writes to it
  struct FreshRow {
    std::chrono::steady_clock::time_point written;
    index::edit::ForgetFile undo;
  };
  void note_fresh(const std::vector<index::Edit>& edits);
  std::vector<index::Edit> forget_fresh();
  std::deque<FreshRow> fresh_rows_;  ///< that rely on stamps of whole seconds, of the last tick
  std::atomic<bool> index_failed_{false};
  std::atomic<bool> index_closed_{false};
  std::optional<IndexFailure> index_failure_;
  std::array<std::atomic<bool>, 2> is_weak_{};
  std::atomic<std::int64_t> last_stamp_noted_{0};  // by the steady clock, in ns; 0: none
  std::atomic<bool> stamps_are_whole_seconds_{false};
  std::atomic<std::size_t> unwanted_count_{0};
  std::vector<std::string> unwanted_;
};

}  // namespace syncline::engine
