// What all stages of one pass share: what was asked, what this user may do, and what was found so
// far.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/storage.h"
#include "index/late_list.h"
#include "model/metadata.h"
#include "stages/handles.h"

#include "syncline/mirror.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

namespace syncline::stages {

/// Counted by many workers at once.
struct SharedTally {
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> bytes{0};

  void add(const Tally& tally) {
    entries.fetch_add(tally.entries, std::memory_order_relaxed);
    bytes.fetch_add(tally.bytes, std::memory_order_relaxed);
  }
  [[nodiscard]] Tally value() const { return {.entries = entries, .bytes = bytes}; }
};

/// What the walk found; the rest of the summary is made from the events.
struct Totals {
  SharedTally source;
  SharedTally destination;
  std::atomic<std::uint64_t> source_folders{0};
  SharedTally proved;
  SharedTally unproven;
  SharedTally deletions_wanted;
  std::atomic<std::uint64_t> bytes_read{0};
  std::atomic<std::uint64_t> bytes_hashed{0};
};

/// What may be open at a time, so that descriptors do not run out.
struct OpenLimits {
  std::size_t folders;
  std::size_t files;  ///< large ones, each of up to three descriptors: source, old, copy
};

/// Thread-safe once built.
class Pass {
 public:
  Pass(const Options& asked, std::stop_token stop_token, Privileges may, bool destination_is_ours,
       OpenLimits may_be_open)
      : options(asked),
        privileges(std::move(may)),
        locked(destination_is_ours),
        open_limits(may_be_open),
        handles(may_be_open.folders),
        stop_(std::move(stop_token)) {}

  const Options& options;
  const Privileges privileges;
  /// No other run can be at work in the destination: a temporary met there is litter.
  const bool locked;
  const OpenLimits open_limits;
  Handles handles;
  index::LateList late;
  Totals totals;
  Roots roots;  ///< constant once the walk begins

  /// True once the user, or a finding that makes going on wrong, wants the pass to end.
  [[nodiscard]] bool stopping() const {
    return stop_.stop_requested() || abandoned_.load(std::memory_order_relaxed);
  }

  /// Ends the pass: mirror() throws Unusable with the first such sentence.
  void abandon(const std::string& why);
  [[nodiscard]] std::string why_abandoned() const;

  /// Nothing may be deleted in this pass, because part of the trees could not be seen.
  void suppress_deletions(const std::string& why);
  /// Empty while they may.
  [[nodiscard]] std::string why_deletions_suppressed() const;

  [[nodiscard]] bool keeps_everything() const {
    return std::holds_alternative<deletion::None>(options.deletions);
  }

  /// How the source's files in `folder` are best read.
  filesystem::Access source_access(Folder& folder);

  /// The row of `folder` in the late list, made with those above it on first use.
  index::FolderKey late_key(Folder& folder);

 private:
  std::stop_token stop_;
  std::atomic<bool> abandoned_{false};
  mutable std::mutex mutex_;
  std::string why_abandoned_;
  std::string why_suppressed_;
  std::uint64_t suppressed_times_ = 0;
  std::map<std::uint64_t, filesystem::Access> access_;  // by device
};

}  // namespace syncline::stages
