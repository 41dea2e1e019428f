// When a proof that two files hold the same bytes still stands. Pure: no disk, no clock.
//
// An identity that stood still says that the content did, but for two cases. A stamp is only as
// fine as the clock it comes from: a file that is written twice within a tick keeps its stamp, so
// one that is as fresh as the reading that proved it proves nothing later (git calls such stamps
// racy: "racy-git" in git's technical documentation). And some file systems have no ctime, or make
// up their inode numbers; there size and mtime are all there is.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/fingerprint.h"

#include <cstdint>
#include <optional>

namespace syncline {

/// How long one stamp may last: two ticks of a kernel that has 100 a second (most have 250 or
/// more), since a stamp may also come a tick late.
inline constexpr std::int64_t clock_tick_ns = 20'000'000;

inline constexpr std::int64_t second_ns = 1'000'000'000;

/// Most likely from a file system that has no finer stamps.
constexpr bool is_whole_second(const Timestamp& stamp) {
  return stamp.nanoseconds == 0;
}

/// Which parts of an identity count.
enum class IdentityRule : std::uint8_t { everything, size_and_mtime };

/// What the stamps of a file system are worth.
struct Stamping {
  IdentityRule rule = IdentityRule::everything;
  /// A change may come this long after a stamp and still bear it: a tick of the clock that stamps.
  std::int64_t slack_ns = 0;

  /// Whoever writes to a file moves its ctime, and its inode number lasts.
  [[nodiscard]] constexpr bool is_strong() const { return rule == IdentityRule::everything; }
};

/// What the index remembers of a file. Device numbers are no part of it: they change from one mount
/// to the next.
struct Remembered {
  Identity source;
  Identity destination;
  /// None: taken for the same by size and mtime, never read.
  std::optional<Fingerprint> fingerprint;
  bool source_proved = false;       ///< that identity proves something later
  bool destination_proved = false;  ///< likewise
  bool attributes_kept = true;      ///< all that the source has
  bool stands_apart = false;  ///< it could not be linked to its other names, or they not to it
  bool is_rotten = false;     ///< the source was found with other bytes under that very identity
  std::int64_t proved_s = 0;  ///< when, in seconds since the epoch
};

/// Where a rule does not count on inode numbers, any on the same file system will do.
inline bool is_same_inode(FileId then, FileId now, IdentityRule rule) {
  return then.device == now.device &&
         (then.inode == now.inode || rule == IdentityRule::size_and_mtime);
}

/// Bytes that are hashed can be told from those that are remembered.
inline bool can_be_told(const Remembered& what) {
  return what.fingerprint && what.fingerprint->tag;
}

inline bool is_unmoved(const Identity& then, const Identity& now, IdentityRule rule) {
  if (then.size != now.size || then.mtime != now.mtime) return false;
  return rule == IdentityRule::size_and_mtime ||
         (then.id.inode == now.id.inode && then.ctime == now.ctime);
}

/// In all but when they were proved, and both of bytes that can be told from others.
inline bool are_alike(const Remembered& a, const Remembered& b) {
  return is_unmoved(a.source, b.source, IdentityRule::everything) &&
         is_unmoved(a.destination, b.destination, IdentityRule::everything) && a.fingerprint &&
         b.fingerprint && match(*a.fingerprint, *b.fingerprint) == Match::same &&
         a.source_proved == b.source_proved && a.destination_proved == b.destination_proved &&
         a.attributes_kept == b.attributes_kept && a.stands_apart == b.stands_apart &&
         a.is_rotten == b.is_rotten;
}

/// Whether a change after `began_ns`, when the reading began, could bear the stamp that `seen`
/// bears. True of every stamp in the future.
inline bool is_racy(const Identity& seen, std::int64_t began_ns, const Stamping& stamping) {
  const Timestamp& stamp = stamping.is_strong() ? seen.ctime : seen.mtime;
  // A stamp of whole seconds comes from a file system that has no finer ones, as one in a thousand
  // million others does.
  const std::int64_t grain_ns = is_whole_second(stamp) ? second_ns : 0;
  return stamp > timestamp_of(began_ns - stamping.slack_ns - grain_ns);
}

/// The step in nanoseconds in which the clock that made `stamp` seems to count: FAT's two seconds,
/// exFAT's 10 ms, NTFS's 100 ns.
constexpr std::int64_t grain_of(const Timestamp& stamp) {
  if (is_whole_second(stamp)) return 2 * second_ns;
  for (const std::uint32_t grain : {10'000'000U, 1'000U, 100U})
    if (stamp.nanoseconds % grain == 0) return grain;
  return 1;
}

/// Of whole seconds, whatever they are. The difference of two of 64 bits needs all of these.
constexpr std::uint64_t seconds_apart(const Timestamp& a, const Timestamp& b) {
  const auto apart = [](std::int64_t later, std::int64_t earlier) {
    return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
  };
  return a.seconds < b.seconds ? apart(b.seconds, a.seconds) : apart(a.seconds, b.seconds);
}

/// Whether `kept` is what a file system makes of the mtime `set`: the same, or a step of its clock
/// at most below it.
constexpr bool is_kept_as(const Timestamp& set, const Timestamp& kept) {
  constexpr std::uint64_t longest_grain_s = 2;
  const std::uint64_t apart_s = seconds_apart(set, kept);
  if (set < kept || apart_s > longest_grain_s) return false;
  const std::int64_t apart_ns = static_cast<std::int64_t>(apart_s) * second_ns +
                                static_cast<std::int64_t>(set.nanoseconds) - kept.nanoseconds;
  return apart_ns < grain_of(kept);
}

/// Whether two times are at most so many whole seconds apart; without a window, the same.
constexpr bool is_within(const Timestamp& a, const Timestamp& b,
                         std::optional<std::uint32_t> window_s) {
  return window_s ? seconds_apart(a, b) <= *window_s : a == b;
}

/// Whether `kept` already bears what its file system can make of that mtime. That it has no finer
/// stamps than whole seconds shows in the ctime, which nobody can set.
constexpr bool is_held_as(const Timestamp& set, const Identity& kept, IdentityRule rule) {
  if (set == kept.mtime) return true;
  const bool is_coarse = rule == IdentityRule::size_and_mtime || is_whole_second(kept.ctime);
  return is_coarse && is_kept_as(set, kept.mtime);
}

}  // namespace syncline
