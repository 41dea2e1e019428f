// SPDX-License-Identifier: MIT
#include "tell/held_words.h"

#include "tell/failure_words.h"

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string>

namespace syncline::cli {
namespace {

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string counts(const HeldDeletions& held) {
  const Tally& wanted = held.wanted;
  return fmt::format(
      "deletions held back: {} of {} entries ({:.3g} %) and {} of {} bytes ({:.3g} %) would be "
      "deleted",
      wanted.entries, held.held.entries, percent(wanted.entries, held.held.entries), wanted.bytes,
      held.held.bytes, percent(wanted.bytes, held.held.bytes));
}

std::string examples(const HeldDeletions& held) {
  std::string text;
  for (const std::string& example : held.examples)
    text.append(text.empty() ? ", such as '" : ", '").append(example).append("'");
  return text;
}

std::string ways_to_allow(const HeldDeletions& held) {
  const std::string limit = fmt::format("--max-delete={}", held.wanted.entries);
  return held.needs_limit ? limit + " (--delete is not enough before a pass has ended well)"
                          : "--delete or " + limit;
}

/// Nothing where it is taken already.
std::string way_back(bool keeps) {
  return keeps ? "" : "; with --undo --max-delete=100% it can be taken back";
}

std::string look_first(const HeldDeletions& held, bool keeps) {
  return "To see what would be deleted, use --dry-run; to allow it, use " + ways_to_allow(held) +
         way_back(keeps);
}

std::string beyond_a_tenth(const HeldDeletions& held, const char* where, bool keeps) {
  const std::string nested =
      held.nested.empty()
          ? std::string{}
          : fmt::format("Is the destination the right folder, or did you mean '{}'? ", held.nested);
  return fmt::format("{}{}, more than the 10 % that may be deleted {}. {}{}", counts(held),
                     examples(held), where, nested, look_first(held, keeps));
}

std::string beyond_a_day(const HeldDeletions& held, bool keeps) {
  const std::string before =
      held.removed.entries == 0
          ? std::string{}
          : fmt::format(", after {} that were deleted within 24 hours", held.removed.entries);
  const char* const most = keeps ? "50 % a day that may be deleted with --undo"
                                 : "25 % a day that may be deleted by default";
  return fmt::format("{}{}{}, more than the {}. {}", counts(held), examples(held), before, most,
                     look_first(held, keeps));
}

std::string unseen(const HeldDeletions& held, const std::string& why) {
  const std::string more =
      held.more == 0 ? std::string{} : fmt::format(" (and {} more)", held.more);
  return "nothing was deleted, since not everything could be seen: " + why + more;
}

std::string of_failure(const HeldDeletions& held) {
  return held.failure ? failure_words(*held.failure) : std::string{};
}

std::string words(const HeldDeletions& held, bool keeps) {
  switch (held.code) {
    case HeldCode::unseen:
      return unseen(held, held.failure ? fmt::format("'{}': {}", std::string{held.failure->path},
                                                     of_failure(held))
                                       : std::string{});
    case HeldCode::list_lost:
      return unseen(held, "the list of deletions could not be kept: " + of_failure(held));
    case HeldCode::index_failed:
      return unseen(held, "the index failed: " + held.cause);
    case HeldCode::uncounted:
      return "nothing was deleted, since the index, which counts deletions, failed";
    case HeldCode::index_begun_anew:
      return "nothing was deleted: the index is a new one, so it is not known what was mounted and "
             "what was deleted lately. If source and destination are right, use --adopt or "
             "--delete once";
    case HeldCode::unknown_pair:
      return beyond_a_tenth(held, "without an index", keeps);
    case HeldCode::first_pass:
      return beyond_a_tenth(held, "before a pass of these two folders has ended well", keeps);
    case HeldCode::empty_source:
      return fmt::format(
          "{}{}, because the source is empty. Are both in the right order, and mounted? If so, "
          "allow it with {}{}",
          counts(held), examples(held), ways_to_allow(held), way_back(keeps));
    case HeldCode::too_many_a_day:
      return beyond_a_day(held, keeps);
    case HeldCode::too_many_entries:
      return fmt::format("{}, more than --max-delete={:.0f} allows{}", counts(held), held.most,
                         way_back(keeps));
    case HeldCode::too_many_percent:
      return fmt::format("{}, more than --max-delete={:g}% allows{}", counts(held), held.most,
                         way_back(keeps));
  }
  return to_string(held.code);
}

}  // namespace

std::string held_words(const HeldDeletions& held, bool keeps) {
  const std::string again =
      held.passes == 0
          ? std::string{}
          : fmt::format(". Deletions have been held back for {} passes now", held.passes);
  return words(held, keeps) + again;
}

}  // namespace syncline::cli
