// SPDX-License-Identifier: MIT
#include "ending/close_index.h"

#include "filesystem/clock.h"

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace syncline {

void close_index(engine::Pass& pass, OpenIndex& opened, engine::Recorder& recorder,
                 const DeletionVerdict& deletions, Summary& summary) {
  const bool writes = !pass.terms.options.dry_run || pass.terms.options.rehash;
  const bool meets = makes_known(pass, deletions);
  const bool is_news = summary.changed_anything() || !summary.deletions_held.empty() ||
                       (meets && !opened.index->history().met);
  try {
    if (writes && pass.memory.is_usable())
      opened.index->finish(
          is_news && !pass.terms.options.dry_run
              ? std::optional{index::PassRow{.ended_s = engine::to_seconds(engine::now_ns()),
                                             .status = summary.status(),
                                             .source = summary.source,
                                             .destination = summary.destination,
                                             .created = summary.created.entries,
                                             .updated = summary.updated.entries,
                                             .removed = summary.removed.entries,
                                             .held = !summary.deletions_held.empty(),
                                             .meets = meets}}
              : std::nullopt,
          !summary.stopped && summary.given_up.empty());
  } catch (const index::SqliteError& error) {
    pass.memory.note_failed(error);
  }
  opened.index.reset();
  summary.index = opened.path;
  std::string aside;
  auto failure = pass.memory.failure();
  try {
    summary.index_bytes = opened.bytes();
    if (failure && failure->is_damage && writes) {
      opened.set_aside();
      aside = ". It was set aside, and the next pass begins a new one";
    }
  } catch (const std::exception& error) {
    if (!failure) failure = {.why = error.what(), .is_damage = false};
  }
  if (!failure) return;
  const Failure event{.kind = FailureKind::error,
                      .path = ".",
                      .operation = "use the index",
                      .error_number = 0,
                      .detail = "the index '" + opened.path + "' failed: " + failure->why +
                                "; what was proved since then is not remembered" + aside};
  recorder.record(event);
  Summary told = recorder.summary();
  summary.failures = told.failures;
  summary.first_failures = std::move(told.first_failures);
}

}  // namespace syncline
