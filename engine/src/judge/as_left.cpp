// SPDX-License-Identifier: MIT
#include "judge/as_left.h"

#include "filesystem/clock.h"

namespace syncline::engine {

bool is_as_left(const Identity& before, const Identity& now, MetadataChange change,
                const Entry& want, IdentityRule rule, const Exception* exception) {
  if (!is_same_inode(before.id, now.id, rule) || now.size != before.size) return false;
  return change.mtime ? has_mtime_as_set(want.identity.mtime, now.mtime, exception)
                      : now.mtime == before.mtime;
}

bool has_mtime_as_set(const Timestamp& want, const Timestamp& now, const Exception* exception) {
  if (is_kept_as(want, now)) return true;
  constexpr std::uint64_t hour_s = 3600;
  const bool may_be_written = seconds_apart(now, timestamp_of(now_ns())) < hour_s;
  return is_exception(exception, Aspect::mtime) && !may_be_written;
}

}  // namespace syncline::engine
