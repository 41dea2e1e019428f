// What is known of the file systems that one side lies on.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"
#include "pass/folder.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

namespace syncline::engine {

/// `Side`: SourceSide or ReplicaSide. Thread-safe.
template <typename Side>
class FileSystems {
 public:
  /// `folder` is on one that was not met before it.
  void note(const Side& folder);
  /// `folder`, which has its id, shall know what is known of the one that it is on.
  void tell(Side& folder) const;

  /// Stamps are worth less on one of them than elsewhere.
  void note_weak() { has_weak_ = true; }
  [[nodiscard]] bool has_weak() const { return has_weak_; }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Side> known_;  ///< by device: the first folder that was met there
  std::atomic<bool> has_weak_{false};
};

/// The file system of `folder`'s destination turned out to hold no more than that.
void learn_unheld(Folder& folder, const Holds& holds);

}  // namespace syncline::engine
