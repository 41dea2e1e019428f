// SPDX-License-Identifier: MIT
#include "stages/guard.h"

#include <cstdio>

namespace syncline::stages {
namespace {

constexpr std::uint64_t free_entries = 100;
constexpr std::uint64_t free_bytes = 1U << 30U;
constexpr double guarded_percent = 10;

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

bool is_beyond(double limit, const Tally& wanted, const Tally& held) {
  return percent(wanted.entries, held.entries) > limit || percent(wanted.bytes, held.bytes) > limit;
}

std::string describe(const Tally& wanted, const Tally& held) {
  char text[160];
  std::snprintf(text, sizeof text,
                "%llu of %llu entries (%.3g %%) and %llu of %llu bytes (%.3g %%) would be deleted",
                static_cast<unsigned long long>(wanted.entries),
                static_cast<unsigned long long>(held.entries),
                percent(wanted.entries, held.entries),
                static_cast<unsigned long long>(wanted.bytes),
                static_cast<unsigned long long>(held.bytes), percent(wanted.bytes, held.bytes));
  return text;
}

struct Judge {
  const Tally& wanted;
  const Tally& held;

  std::optional<std::string> operator()(deletion::Unlimited /*policy*/) const { return {}; }
  std::optional<std::string> operator()(deletion::None /*policy*/) const { return {}; }

  std::optional<std::string> operator()(deletion::Guarded /*policy*/) const {
    if (wanted.entries < free_entries && wanted.bytes < free_bytes) return {};
    if (!is_beyond(guarded_percent, wanted, held)) return {};
    return describe(wanted, held) +
           ", more than the 10 % that go unasked. Is DST the right folder, or did you mean one "
           "inside it, named like SRC? See what would go with --dry-run, allow it with --delete "
           "or --max-delete=" +
           std::to_string(wanted.entries);
  }

  std::optional<std::string> operator()(deletion::AtMostEntries policy) const {
    if (wanted.entries <= policy.entries) return {};
    return describe(wanted, held) + ", more than --max-delete=" + std::to_string(policy.entries) +
           " allows";
  }

  std::optional<std::string> operator()(deletion::AtMostPercent policy) const {
    if (!is_beyond(policy.percent, wanted, held)) return {};
    char limit[32];
    std::snprintf(limit, sizeof limit, "%g", policy.percent);
    return describe(wanted, held) + ", more than --max-delete=" + limit + "% allows";
  }
};

}  // namespace

std::optional<std::string> why_held_back(const DeletionPolicy& policy, const Tally& wanted,
                                         const Tally& held) {
  if (wanted.entries == 0) return {};
  return std::visit(Judge{wanted, held}, policy);
}

}  // namespace syncline::stages
