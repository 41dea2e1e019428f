// SPDX-License-Identifier: MIT
#include "flow/walk_stages.h"

#include "deferred/deferred_folders.h"
#include "deferred/extraneous_folders.h"
#include "pass/step_sink.h"
#include "walk/reconcile.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace syncline::engine {
namespace {

// Names looked at together; a batch is what a stop waits for.
constexpr std::size_t batch_names = 256;

// Those of its `names` that have to be met once more.
Batch again(const Batch& batch, std::vector<std::string> names) {
  Batch again{.names = {}, .stretch = batch.stretch, .was_held = true};
  for (std::string& name : names)
    again.names.push_back({.name = std::move(name), .in_source = true, .in_destination = true});
  return again;
}

}  // namespace

void WalkStages::walk(const FolderRef& root) {
  walks_ = 1;
  pass_.books.stage = Stage::walking;
  graph_.run({graph_.make_work(Urgency::walk, job::Walk{root})});
  std::vector<Work> round;
  for (job::Reconcile& held : std::exchange(held_, {})) {
    ++walks_;
    round.push_back(graph_.make_work(Urgency::walk, std::move(held)));
  }
  if (!round.empty()) graph_.run(std::move(round));
}

// Only now is it known what was moved away.
void WalkStages::walk_extraneous(const FolderRef& root) {
  DeferredFolders folders{pass_, root};
  index::Extraneous last;
  ++root->pending;  // it is settled already
  while (!pass_.brakes.stopping()) {
    std::vector<Event> events;
    auto found = extraneous_folders(pass_, folders, last, deferred_round, events);
    graph_.tell(events);
    if (found.empty()) break;
    walks_ += static_cast<std::int64_t>(found.size());
    std::vector<Work> round;
    round.reserve(found.size());
    for (FolderRef& folder : found)
      round.push_back(graph_.make_work(Urgency::walk, job::Walk{std::move(folder)}));
    graph_.run(std::move(round));
  }
  --root->pending;
}

void WalkStages::perform(const Work& work, job::Walk& walk) {
  constexpr auto share = static_cast<std::int64_t>(batch_names);
  if (!graph_.admits_names(share, work)) return;
  const FolderRef folder = std::move(walk.folder);
  Listed listed;
  if (!folder->listed && !pass_.brakes.stopping())
    listed = list(pass_, *folder, !walk.patience.is_over());
  if (listed.is_held) {
    walk_later(folder, walk.patience);
    graph_.record(std::move(listed.events), share, std::move(listed.edits));
    return;
  }
  const Batch batch = pass_.brakes.stopping() ? Batch{} : next_batch(*folder, batch_names);
  const bool goes_on = !pass_.brakes.stopping() && !folder->names.done();
  if (goes_on) {
    ++folder->pending;
    ++walks_;
  }
  const bool alone = walks_ > walkers_;
  if (goes_on && !alone) go_on(folder);
  reconcile_and_hand_on(folder, batch, std::move(listed));
  if (goes_on && alone) go_on(folder);
}

void WalkStages::walk_later(const FolderRef& folder, Patience patience) {
  const auto when = patience.next_or_now();
  graph_.submit_at(when, Urgency::walk, job::Walk{folder, patience}, folder->depth);
}

void WalkStages::go_on(const FolderRef& folder) {
  Work work = graph_.make_work(Urgency::walk, job::Walk{folder}, folder->depth);
  work.begun = true;
  graph_.submit(work);
}

void WalkStages::perform(const Work& work, job::Reconcile& held) {
  constexpr auto share = static_cast<std::int64_t>(batch_names);
  if (!graph_.admits_names(share, work)) return;
  reconcile_and_hand_on(held.folder, pass_.brakes.stopping() ? Batch{} : std::move(held.batch), {});
}

// They count in their folder until then.
void WalkStages::hold(const FolderRef& folder, const Batch& of, std::vector<std::string> names) {
  if (names.empty()) return;
  ++folder->pending;
  Batch batch = again(of, std::move(names));
  const std::scoped_lock lock{held_mutex_};
  held_.push_back({folder, std::move(batch)});
}

// Likewise, for as long as somebody else has them.
void WalkStages::ask_again(const FolderRef& folder, const Batch& of,
                           std::vector<std::string> names) {
  if (names.empty()) return;
  ++folder->pending;
  ++walks_;
  Batch batch = again(of, std::move(names));
  batch.patience = of.patience;
  const auto when = batch.patience.next_or_now();
  graph_.submit_at(when, Urgency::walk, job::Reconcile{folder, std::move(batch)});
}

void WalkStages::change_later(const FolderRef& folder, std::vector<EntryChange> changes,
                              Patience patience) {
  if (changes.empty()) return;
  ++folder->pending;
  const auto when = patience.next_or_now();
  graph_.submit_at(when, Urgency::write, job::Change{folder, std::move(changes), patience});
}

void WalkStages::perform(const Work& /*work*/, job::Change& job) {
  Steps steps;
  steps.changes = std::move(job.changes);
  if (!pass_.brakes.stopping())
    pass_.replica.sink->take(*job.folder, steps, !job.patience.is_over());
  change_later(job.folder, std::move(steps.changes_not_now), job.patience);
  graph_.record(std::move(steps.events), 0, std::move(steps.edits));
  settling_.count_down(std::move(job.folder));
}

void WalkStages::reconcile_and_hand_on(const FolderRef& folder, const Batch& batch, Listed listed) {
  constexpr auto share = static_cast<std::int64_t>(batch_names);
  Steps steps = reconcile(pass_, folder, batch);
  const std::size_t found = steps.files.size();
  pass_.replica.sink->take(*folder, steps, true);
  const std::size_t told = found - steps.files.size();
  announce(pass_, steps.files);
  for (FolderRef& child : steps.folders) {
    submit(std::move(child));
  }
  std::ranges::move(steps.events, std::back_inserter(listed.events));
  std::ranges::move(steps.edits, std::back_inserter(listed.edits));
  hold(folder, batch, std::move(steps.held));
  ask_again(folder, batch, std::move(steps.not_now));
  change_later(folder, std::move(steps.changes_not_now), {});
  content_.submit(std::move(steps.files));
  graph_.record(std::move(listed.events), share - static_cast<std::int64_t>(found),
                std::move(listed.edits));
  settling_.end_files(std::vector<FolderRef>(told, folder));
  settling_.count_down(folder);
  if (--walks_ > 0) return;
  Stage walking = Stage::walking;
  pass_.books.stage.compare_exchange_strong(walking, Stage::copying);
}

void WalkStages::submit(FolderRef folder) {
  ++walks_;
  const std::uint32_t depth = folder->depth;
  graph_.submit(graph_.make_work(Urgency::walk, job::Walk{std::move(folder)}, depth));
}

void WalkStages::submit(FolderRef folder, Batch batch) {
  ++folder->pending;
  ++walks_;
  graph_.submit(Urgency::walk, job::Reconcile{std::move(folder), std::move(batch)});
}

}  // namespace syncline::engine
