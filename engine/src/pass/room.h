// Whether what is to be copied will fit: said as soon as it is known that it will not, rather than
// when the disk is full.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/notice.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace syncline::engine {

/// Thread-safe.
class Room {
 public:
  /// What is free for this user when the pass begins; none: not known, or of no account, since
  /// blocks are shared.
  explicit Room(std::optional<std::uint64_t> free_bytes) : free_bytes_(free_bytes) {}

  /// An interrupted copy that will be gone on with has so much of it already.
  void count_held(std::uint64_t bytes) { held_ += bytes; }

  /// So much more is to be copied. A notice the first time that it becomes too much, with what
  /// deletions are known to free.
  std::optional<Notice> want(std::uint64_t bytes, std::uint64_t deletions_free);

  /// More is wanted than there is: files that are written side by side must not take the last of it
  /// from each other, so that none becomes whole.
  [[nodiscard]] bool is_short() const { return is_short_; }

  /// A disk was found full: what is not begun would only fail too.
  void note_full() { is_full_ = true; }
  [[nodiscard]] bool is_full() const { return is_full_; }

 private:
  const std::optional<std::uint64_t> free_bytes_;
  std::atomic<std::uint64_t> held_{0};
  std::atomic<std::uint64_t> wanted_{0};
  std::atomic<bool> is_short_{false};
  std::atomic<bool> is_full_{false};
};

}  // namespace syncline::engine
