// SPDX-License-Identifier: MIT
#include "judge/guard.h"

namespace syncline::engine {
namespace {

constexpr std::uint64_t free_entries = 100;
constexpr std::uint64_t free_bytes = 1U << 30U;
constexpr double unknown_percent = 10;
constexpr double known_percent = 25;
// What can be brought back may go sooner.
constexpr double undoable_percent = 50;

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

bool is_beyond(double limit, const Tally& wanted, const Tally& held) {
  return percent(wanted.entries, held.entries) > limit || percent(wanted.bytes, held.bytes) > limit;
}

struct Judge {
  const Deletions& deletions;
  const Tally& wanted = deletions.wanted;
  const Tally& held = deletions.held;

  [[nodiscard]] HeldDeletions why(HeldCode code) const {
    return {.code = code,
            .wanted = wanted,
            .held = held,
            .removed = deletions.removed,
            .examples = deletions.examples,
            .nested = deletions.nested,
            // At first what is asked for by habit must not be enough.
            .needs_limit = deletions.contact == Contact::first};
  }

  [[nodiscard]] HeldDeletions why_at_first() const {
    return why(deletions.contact == Contact::unremembered ? HeldCode::unknown_pair
                                                          : HeldCode::first_pass);
  }

  [[nodiscard]] HeldDeletions beyond(HeldCode code, double most) const {
    HeldDeletions result = why(code);
    result.most = most;
    return result;
  }

  std::optional<HeldDeletions> operator()(deletion::None /*policy*/) const { return {}; }

  std::optional<HeldDeletions> operator()(deletion::Unlimited /*policy*/) const {
    if (deletions.contact != Contact::first || !is_beyond(unknown_percent, wanted, held)) return {};
    return why_at_first();
  }

  // A loop must not get rid of everything in slices, so what went within a day counts with what
  // goes now.
  std::optional<HeldDeletions> operator()(deletion::Guarded /*policy*/) const {
    const bool is_known = deletions.contact == Contact::known;
    if (!is_known && deletions.has_empty_source) return why(HeldCode::empty_source);
    const Tally all = wanted + deletions.removed;
    const bool has_allowance = is_known || deletions.contact == Contact::lenient;
    if (has_allowance && all.entries < free_entries && all.bytes < free_bytes) return {};
    const double of_known = deletions.can_be_undone ? undoable_percent : known_percent;
    const double limit = is_known ? of_known : unknown_percent;
    if (!is_beyond(limit, all, held + deletions.removed)) return {};
    return is_known ? why(HeldCode::too_many_a_day) : why_at_first();
  }

  std::optional<HeldDeletions> operator()(deletion::AtMostEntries policy) const {
    if (wanted.entries <= policy.entries) return {};
    return beyond(HeldCode::too_many_entries, static_cast<double>(policy.entries));
  }

  std::optional<HeldDeletions> operator()(deletion::AtMostPercent policy) const {
    if (!is_beyond(policy.percent, wanted, held)) return {};
    return beyond(HeldCode::too_many_percent, policy.percent);
  }
};

}  // namespace

std::optional<HeldDeletions> why_held_back(const DeletionPolicy& policy,
                                           const Deletions& deletions) {
  if (deletions.wanted.entries == 0) return {};
  return std::visit(Judge{deletions}, policy);
}

}  // namespace syncline::engine
