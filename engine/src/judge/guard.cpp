// SPDX-License-Identifier: MIT
#include "judge/guard.h"

#include <cstdio>

namespace syncline::engine {
namespace {

constexpr std::uint64_t free_entries = 100;
constexpr std::uint64_t free_bytes = 1U << 30U;
constexpr double unknown_percent = 10;
constexpr double known_percent = 25;

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

std::string list(const std::vector<std::string>& examples) {
  std::string text;
  for (const std::string& example : examples)
    text.append(text.empty() ? ", such as '" : ", '").append(example).append("'");
  return text;
}

struct Judge {
  const Deletions& deletions;
  const Tally& wanted = deletions.wanted;
  const Tally& held = deletions.held;

  [[nodiscard]] std::string what_would_go() const {
    return describe(wanted, held) + list(deletions.examples);
  }

  // At first what is asked for by habit must not be enough.
  [[nodiscard]] std::string ways_to_allow() const {
    const std::string limit = "--max-delete=" + std::to_string(wanted.entries);
    return deletions.contact == Contact::first
               ? limit + " (--delete does not, before a pass has ended well)"
               : "--delete or " + limit;
  }

  [[nodiscard]] std::string why_at_first() const {
    std::string text = what_would_go() + ", more than the 10 % that go " +
                       (deletions.contact == Contact::unremembered
                            ? "where no index knows the two folders. "
                            : "unasked before a pass of these two folders has ended well. ");
    if (!deletions.nested.empty())
      text += "Is the destination the right folder, or did you mean '" + deletions.nested + "'? ";
    return text + "See what would go with --dry-run, allow it with " + ways_to_allow();
  }

  std::optional<std::string> operator()(deletion::None /*policy*/) const { return {}; }

  std::optional<std::string> operator()(deletion::Unlimited /*policy*/) const {
    if (deletions.contact != Contact::first || !is_beyond(unknown_percent, wanted, held)) return {};
    return why_at_first();
  }

  // A loop must not get rid of everything in slices, so what went within a day counts with what
  // goes now.
  std::optional<std::string> operator()(deletion::Guarded /*policy*/) const {
    const bool is_known = deletions.contact == Contact::known;
    if (!is_known && deletions.has_empty_source)
      return what_would_go() +
             ", for the source is empty. Are both in the right order, and mounted? If so, allow it "
             "with " +
             ways_to_allow();
    const Tally all = wanted + deletions.removed;
    const bool has_allowance = is_known || deletions.contact == Contact::lenient;
    if (has_allowance && all.entries < free_entries && all.bytes < free_bytes) return {};
    const double limit = is_known ? known_percent : unknown_percent;
    if (!is_beyond(limit, all, held + deletions.removed)) return {};
    if (!is_known) return why_at_first();
    std::string text = what_would_go();
    if (deletions.removed.entries > 0)
      text += ", after " + std::to_string(deletions.removed.entries) +
              " that were deleted within 24 hours";
    return text +
           ", more than the 25 % a day that go unasked. See what would go with --dry-run, allow it "
           "with " +
           ways_to_allow();
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

std::optional<std::string> why_held_back(const DeletionPolicy& policy, const Deletions& deletions) {
  if (deletions.wanted.entries == 0) return {};
  return std::visit(Judge{deletions}, policy);
}

}  // namespace syncline::engine
