// SPDX-License-Identifier: MIT
#include "filter/transfer_rules.h"

#include <algorithm>

namespace syncline::filter {
namespace {

// Stamps in the future are recent too.
bool is_younger(const Identity& identity, std::chrono::nanoseconds least, std::int64_t now_ns) {
  return std::max(identity.mtime, identity.ctime) > timestamp_of(now_ns - least.count());
}

}  // namespace

bool leave_anything_alone(const TransferRules& rules) {
  return rules.existing_only || rules.ignore_existing || rules.update || rules.max_bytes ||
         rules.min_bytes || rules.min_age;
}

bool leaves_alone(const TransferRules& rules, const Entry& source,
                  const std::optional<Entry>& destination, std::int64_t now_ns) {
  if (rules.existing_only && !destination) return true;
  const bool is_file = source.kind == Kind::file;
  const bool are_folders =
      source.kind == Kind::folder && destination && destination->kind == Kind::folder;
  if (rules.ignore_existing && destination && !are_folders) return true;
  if (!is_file) return false;
  const std::uint64_t size = source.identity.size;
  if (rules.max_bytes && size > *rules.max_bytes) return true;
  if (rules.min_bytes && size < *rules.min_bytes) return true;
  if (rules.min_age && is_younger(source.identity, *rules.min_age, now_ns)) return true;
  return rules.update && destination && destination->kind == Kind::file &&
         destination->identity.mtime > source.identity.mtime;
}

}  // namespace syncline::filter
