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

#include "syncline/digest.h"

#include <cstdint>
#include <optional>

namespace syncline {

/// How long one stamp may last: two ticks of a kernel that has 100 a second (most have 250 or
/// more), since a stamp may also come a tick late.
inline constexpr std::int64_t clock_tick_ns = 20'000'000;

inline constexpr std::int64_t second_ns = 1'000'000'000;

/// Most likely from a file system that has no finer stamps.
constexpr bool is_whole_second(std::int64_t stamp_ns) {
  return stamp_ns % second_ns == 0;
}

/// Which parts of an identity count.
enum class IdentityRule : std::uint8_t { everything, size_and_mtime };

/// What the stamps of a file system are worth.
struct Stamping {
  IdentityRule rule = IdentityRule::everything;
  /// A change may come this long after a stamp and still bear it: a tick of the clock that stamps.
  std::int64_t slack_ns = 0;
};

/// What the index remembers of a file. Device numbers are no part of it: they change from one mount
/// to the next.
struct Remembered {
  Identity source;
  Identity destination;
  std::optional<Digest> digest;     ///< none: taken for the same by size and mtime, never read
  bool source_proved = false;       ///< that identity proves something later
  bool destination_proved = false;  ///< likewise
  bool attributes_kept = true;      ///< all that the source has
  bool is_rotten = false;     ///< the source was found with other bytes under that very identity
  std::int64_t proved_s = 0;  ///< when, in seconds since the epoch
};

inline bool is_unmoved(const Identity& then, const Identity& now, IdentityRule rule) {
  if (then.size != now.size || then.mtime_ns != now.mtime_ns) return false;
  return rule == IdentityRule::size_and_mtime ||
         (then.id.inode == now.id.inode && then.ctime_ns == now.ctime_ns);
}

/// Whether a change after `began_ns`, when the reading began, could bear the stamp that `seen`
/// bears. True of every stamp in the future.
inline bool is_racy(const Identity& seen, std::int64_t began_ns, const Stamping& stamping) {
  const std::int64_t stamp =
      stamping.rule == IdentityRule::everything ? seen.ctime_ns : seen.mtime_ns;
  // A stamp of whole seconds comes from a file system that has no finer ones, as one in a thousand
  // million others does.
  const std::int64_t grain_ns = is_whole_second(stamp) ? second_ns : 0;
  return stamp > began_ns - stamping.slack_ns - grain_ns;
}

/// The step in which the clock that made `stamp_ns` seems to count: FAT's two seconds, exFAT's 10
/// ms, NTFS's 100 ns.
constexpr std::int64_t grain_of(std::int64_t stamp_ns) {
  if (is_whole_second(stamp_ns)) return 2 * second_ns;
  for (const std::int64_t grain : {10'000'000, 1'000, 100})
    if (stamp_ns % grain == 0) return grain;
  return 1;
}

/// Whether `kept_ns` is what a file system makes of the mtime `set_ns`: the same, or a step of its
/// clock at most below it.
constexpr bool is_kept_as(std::int64_t set_ns, std::int64_t kept_ns) {
  return set_ns >= kept_ns && set_ns - kept_ns < grain_of(kept_ns);
}

/// Whether two times are at most so many whole seconds apart; without a window, the same.
constexpr bool is_within(std::int64_t a_ns, std::int64_t b_ns,
                         std::optional<std::uint32_t> window_s) {
  const auto second_of = [](std::int64_t ns) {
    return ns / second_ns - (ns % second_ns < 0 ? 1 : 0);
  };
  if (!window_s) return a_ns == b_ns;
  const std::int64_t apart_s = second_of(a_ns) - second_of(b_ns);
  return (apart_s < 0 ? -apart_s : apart_s) <= std::int64_t{*window_s};
}

/// Whether `kept` already bears what its file system can make of that mtime. That it has no finer
/// stamps than whole seconds shows in the ctime, which nobody can set.
constexpr bool is_held_as(std::int64_t set_ns, const Identity& kept, IdentityRule rule) {
  if (set_ns == kept.mtime_ns) return true;
  const bool is_coarse = rule == IdentityRule::size_and_mtime || is_whole_second(kept.ctime_ns);
  return is_coarse && is_kept_as(set_ns, kept.mtime_ns);
}

}  // namespace syncline
