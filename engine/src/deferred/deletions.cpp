// SPDX-License-Identifier: MIT
#include "deferred/deletions.h"

#include "filesystem/clock.h"
#include "filesystem/paths.h"
#include "judge/guard.h"

#include <variant>

namespace syncline {
namespace {

std::int64_t as_signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

engine::Contact contact_of(const engine::Pass& pass, const index::History& history) {
  using engine::Contact;
  if (history.met) return Contact::known;
  if (pass.terms.options.free_at_first) return Contact::lenient;
  if (!std::holds_alternative<index_place::None>(pass.terms.options.index)) return Contact::first;
  return have_met(pass) ? Contact::lenient : Contact::unremembered;
}

// Who leaves out the slash, as one does with rsync, means the folder of that name. Not where most
// of what the destination holds comes from the source.
std::string nested_in(const engine::Pass& pass, const Tally& wanted) {
  const Options& options = pass.terms.options;
  const std::string name = filesystem::split_path(options.source).name;
  const bool is_named =
      !options.source.ends_with('/') && !name.empty() && name != "." && name != "..";
  if (!is_named || 2 * wanted.entries < pass.census.destination.value().entries) return {};
  return filesystem::join_path(options.destination, name);
}

}  // namespace

bool have_met(const engine::Pass& pass) {
  const auto& expected = pass.terms.options.expected_roots;
  return expected && expected->met && expected->source == pass.terms.roots.source &&
         expected->destination == pass.terms.roots.destination;
}

DeletionVerdict judge_deletions(const engine::Pass& pass, const index::History& history) {
  const Tally wanted = pass.census.extraneous.value();
  if (wanted.entries == 0) return {};
  std::optional<HeldDeletions> held = pass.brakes.why_deletions_suppressed();
  const bool is_unasked = std::holds_alternative<deletion::Guarded>(pass.terms.options.deletions);
  if (!held && history.is_lost && is_unasked) held = {.code = HeldCode::index_begun_anew};
  if (!held)
    held = engine::why_held_back(
        pass.terms.options.deletions,
        {.wanted = wanted,
         .held = pass.census.destination.value(),
         .contact = contact_of(pass, history),
         .has_empty_source = pass.memory.is_usable() && pass.census.source.value().entries == 0,
         .can_be_undone = pass.replica.intentions != nullptr || pass.terms.options.undo,
         .removed = history.removed,
         .examples = pass.census.examples(),
         .nested = nested_in(pass, wanted)});
  if (held && history.held_passes > 0) held->passes = history.held_passes + 1;
  return {std::move(held)};
}

// What rules exclude was named by whoever gave them, and is no reason against it; but where they
// leave nothing to look at, nothing was looked at. And where all that the source lacks was
// protected, nothing was free to go.
bool makes_known(const engine::Pass& pass, const DeletionVerdict& verdict) {
  const Options& options = pass.terms.options;
  if (options.dry_run || options.restore || options.listed ||
      std::holds_alternative<deletion::None>(options.deletions))
    return false;
  if (pass.brakes.stopping() || pass.brakes.is_abandoned() || verdict.held ||
      pass.brakes.suppresses_deletions() || pass.brakes.has_unseen())
    return false;
  const Tally free_to_go = pass.census.extraneous.value() + pass.census.gone.value();
  if (pass.brakes.has_protected() && free_to_go.entries == 0) return false;
  const Tally seen = pass.census.source.value() + pass.census.destination.value();
  return options.filters.empty() || seen.entries > 0;
}

CountedDeletions::CountedDeletions(engine::Pass& pass)
    : pass_(pass),
      is_counted_(std::holds_alternative<deletion::Guarded>(pass.terms.options.deletions)),
      wanted_(pass.census.extraneous.value()),
      removed_before_(pass.books.removed.value()) {}

void CountedDeletions::begin(DeletionVerdict& verdict) {
  if (!is_counted_ || wanted_.entries == 0) return;
  if (!count(as_signed(wanted_.entries), as_signed(wanted_.bytes)))
    verdict.held = {.code = HeldCode::uncounted};
}

void CountedDeletions::end() {
  const Tally now = pass_.books.removed.value();
  const Tally removed{.entries = now.entries - removed_before_.entries,
                      .bytes = now.bytes - removed_before_.bytes};
  if (began_s_ == 0 || removed.entries >= wanted_.entries) return;
  count(as_signed(removed.entries) - as_signed(wanted_.entries),
        as_signed(removed.bytes) - as_signed(wanted_.bytes));
}

bool CountedDeletions::count(std::int64_t entries, std::int64_t bytes) {
  if (began_s_ == 0) began_s_ = engine::to_seconds(engine::now_ns());
  return pass_.memory.count_removals(entries, bytes, began_s_);
}

}  // namespace syncline
