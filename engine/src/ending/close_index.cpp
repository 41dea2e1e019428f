// SPDX-License-Identifier: MIT
#include "ending/close_index.h"

#include "filesystem/clock.h"
#include "model/reading.h"

#include <exception>
#include <optional>
#include <utility>

namespace syncline {

void close_index(engine::Pass& pass, OpenIndex& opened, engine::Recorder& recorder,
                 const DeletionVerdict& deletions, Summary& summary) {
  const bool writes = reads_contents(pass.terms.options);
  const bool meets = makes_known(pass, deletions);
  const bool is_news = summary.changed_anything() || summary.deletions_held ||
                       (meets && !opened.index->history().met);
  if (writes && pass.memory.is_usable())
    pass.memory.ask([&] {
      opened.index->finish(
          is_news && !pass.terms.options.dry_run
              ? std::optional{index::PassRow{.ended_s = engine::to_seconds(engine::now_ns()),
                                             .status = summary.status(),
                                             .source = summary.source,
                                             .destination = summary.destination,
                                             .created = summary.created.entries,
                                             .updated = summary.updated.entries,
                                             .removed = summary.removed.entries,
                                             .held = summary.deletions_held.has_value(),
                                             .meets = meets,
                                             .name = summary.name}}
              : std::nullopt,
          !summary.stopped && !summary.given_up, summary.status() == Status::done);
    });
  opened.index.reset();
  summary.index = opened.path;
  FailureCode code = FailureCode::index_failed;
  auto failure = pass.memory.failure();
  try {
    summary.index_bytes = opened.bytes();
    if (failure && failure->is_damage && writes) {
      opened.set_aside();
      code = FailureCode::index_failed_set_aside;
    }
  } catch (const std::exception& error) {
    if (!failure) failure = {.why = error.what(), .is_damage = false};
  }
  if (!failure) return;
  const Failure event{.kind = FailureKind::error,
                      .path = ".",
                      .code = code,
                      .operation = "use the index",
                      .name = opened.path,
                      .cause = failure->why};
  recorder.record(event);
  Summary told = recorder.summary();
  summary.failures = told.failures;
  summary.first_failures = std::move(told.first_failures);
}

}  // namespace syncline
