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

// The credits of so many folders.
std::int64_t share_of(std::size_t folders) {
  return static_cast<std::int64_t>(batch_names * folders);
}

const std::string& name_of(const FolderRef& folder) {
  return folder->name;
}
const std::string& name_of(const FileTask& task) {
  return task.name;
}

// What several replicas have, each in byte order, merged: of one name lies together.
template <typename What>
std::vector<What> merged(std::vector<Steps>& all, std::vector<What> Steps::*of_each) {
  if (all.size() == 1) return std::move(all.front().*of_each);
  std::vector<What> together;
  for (Steps& steps : all) std::ranges::move(steps.*of_each, std::back_inserter(together));
  std::ranges::stable_sort(
      together, {}, [](const What& what) -> auto& { return name_of(what); });
  return together;
}

// Of what is together, the folders of one name, which are one folder of the source.
std::vector<std::vector<FolderRef>> by_name(std::vector<FolderRef> folders) {
  std::vector<std::vector<FolderRef>> all;
  all.reserve(folders.size());
  for (FolderRef& folder : folders) {
    if (all.empty() || all.back().front()->name != folder->name) {
      all.push_back({std::move(folder)});
    } else {
      folder->from = all.back().front()->from;
      all.back().push_back(std::move(folder));
    }
  }
  return all;
}

// Leaves those that go on after `meetings`; there one that was met counts once more.
void keep_rest(std::vector<FolderRef>& folders, std::span<const Meeting> meetings) {
  std::erase_if(folders, [&](const FolderRef& folder) {
    const bool is_met = std::ranges::find(meetings, folder, &Meeting::folder) != meetings.end();
    const bool is_over = folder->names.done() || (is_met && folder->pass->brakes.stopping());
    if (!is_over && is_met) ++folder->pending;
    return is_over;
  });
}

}  // namespace

void WalkStages::walk(const std::vector<FolderRef>& roots) {
  walks_ = 1;
  for (Pass* const pass : passes_) pass->books.stage = Stage::walking;
  graph_.run({graph_.make_work(Urgency::walk, job::Walk{roots})});
  std::vector<Work> round;
  for (job::Reconcile& held : std::exchange(held_, {})) {
    ++walks_;
    round.push_back(graph_.make_work(Urgency::walk, std::move(held)));
  }
  if (!round.empty()) graph_.run(std::move(round));
}

// Only now is it known what was moved away.
void WalkStages::walk_extraneous(const FolderRef& root) {
  Pass& pass = *root->pass;
  DeferredFolders folders{pass, root};
  index::Extraneous last;
  ++root->pending;  // it is settled already
  while (!pass.brakes.stopping()) {
    std::vector<Event> events;
    auto found = extraneous_folders(pass, folders, last, deferred_round, events);
    Graph::tell(pass, events);
    if (found.empty()) break;
    walks_ += static_cast<std::int64_t>(found.size());
    std::vector<Work> round;
    round.reserve(found.size());
    for (FolderRef& folder : found)
      round.push_back(graph_.make_work(Urgency::walk, job::Walk{{std::move(folder)}}));
    graph_.run(std::move(round));
  }
  --root->pending;
}

void WalkStages::perform(const Work& work, job::Walk& walk) {
  if (!graph_.admits_names(share_of(walk.folders.size()), work)) return;
  std::vector<FolderRef> folders = std::move(walk.folders);
  if (!folders.front()->listed) list_all(folders, walk.patience);
  if (folders.empty()) return;
  const auto meetings = next_meetings(folders, batch_names);
  graph_.return_credits(share_of(folders.size() - meetings.size()));
  keep_rest(folders, meetings);
  const bool goes_on = !folders.empty();
  if (goes_on) ++walks_;
  const bool alone = walks_ > walkers_;
  if (goes_on && !alone) {
    go_on(std::move(folders));
    reconcile_and_hand_on(meetings);
    return;
  }
  reconcile_and_hand_on(meetings);
  if (goes_on) go_on(std::move(folders));
}

// Leaves those that were listed.
void WalkStages::list_all(std::vector<FolderRef>& folders, const Patience& patience) {
  std::vector<Listed> listed = list(folders, !patience.is_over());
  std::vector<FolderRef> held;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    Listed& of_it = listed[i];
    graph_.record(*folders[i]->pass, std::move(of_it.events), of_it.is_held ? share_of(1) : 0,
                  std::move(of_it.edits));
    if (of_it.is_held) held.push_back(std::exchange(folders[i], nullptr));
  }
  std::erase(folders, nullptr);
  if (folders.empty()) {
    walk_later(std::move(held), patience);
    return;
  }
  if (held.empty()) return;
  const auto from = std::make_shared<SourceSide>();  // they are walked apart from here on
  for (const FolderRef& folder : held) folder->from = from;
  ++walks_;
  walk_later(std::move(held), patience);
}

void WalkStages::walk_later(std::vector<FolderRef> folders, Patience patience) {
  const auto when = patience.next_or_now();
  const std::uint32_t depth = folders.front()->depth;
  graph_.submit_at(when, Urgency::walk, job::Walk{std::move(folders), patience}, depth);
}

void WalkStages::go_on(std::vector<FolderRef> folders) {
  const std::uint32_t depth = folders.front()->depth;
  Work work = graph_.make_work(Urgency::walk, job::Walk{std::move(folders)}, depth);
  work.begun = true;
  graph_.submit(work);
}

void WalkStages::perform(const Work& work, job::Reconcile& held) {
  if (!graph_.admits_names(share_of(1), work)) return;
  if (held.folder->pass->brakes.stopping()) held.batch = {};
  const Meeting meeting{std::move(held.folder), std::move(held.batch)};
  reconcile_and_hand_on({&meeting, 1});
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
  Pass& pass = *job.folder->pass;
  Steps steps;
  steps.changes = std::move(job.changes);
  if (!pass.brakes.stopping()) pass.replica.sink->take(*job.folder, steps, !job.patience.is_over());
  change_later(job.folder, std::move(steps.changes_not_now), job.patience);
  graph_.record(pass, std::move(steps.events), 0, std::move(steps.edits));
  settling_.count_down(std::move(job.folder));
}

void WalkStages::reconcile_and_hand_on(std::span<const Meeting> meetings) {
  std::vector<Steps> all = reconcile(meetings);
  for (std::size_t i = 0; i < meetings.size(); ++i) {
    const FolderRef& folder = meetings[i].folder;
    all[i].found_files = all[i].files.size();
    folder->pass->replica.sink->take(*folder, all[i], true);
    announce(*folder->pass, all[i].files);
    const std::size_t told = all[i].found_files - all[i].files.size();
    settling_.end_files(std::vector<FolderRef>(told, folder));
  }
  submit_folders(all);
  for (std::size_t i = 0; i < meetings.size(); ++i) {
    const auto& [folder, batch] = meetings[i];
    hold(folder, batch, std::move(all[i].held));
    ask_again(folder, batch, std::move(all[i].not_now));
    change_later(folder, std::move(all[i].changes_not_now), {});
  }
  content_.submit(merged(all, &Steps::files));
  for (std::size_t i = 0; i < meetings.size(); ++i) {
    const FolderRef& folder = meetings[i].folder;
    graph_.record(*folder->pass, std::move(all[i].events),
                  share_of(1) - static_cast<std::int64_t>(all[i].found_files),
                  std::move(all[i].edits));
    settling_.count_down(folder);
  }
  if (--walks_ > 0) return;
  for (Pass* const pass : passes_) {
    Stage walking = Stage::walking;
    pass->books.stage.compare_exchange_strong(walking, Stage::copying);
  }
}

void WalkStages::submit_folders(std::vector<Steps>& all) {
  if (all.size() > 1) {
    for (auto& folders : by_name(merged(all, &Steps::folders))) submit(std::move(folders));
    return;
  }
  for (FolderRef& folder : all.front().folders) submit({std::move(folder)});
}

void WalkStages::submit(std::vector<FolderRef> folders) {
  ++walks_;
  const std::uint32_t depth = folders.front()->depth;
  graph_.submit(graph_.make_work(Urgency::walk, job::Walk{std::move(folders)}, depth));
}

void WalkStages::submit(FolderRef folder, Batch batch) {
  ++folder->pending;
  ++walks_;
  graph_.submit(Urgency::walk, job::Reconcile{std::move(folder), std::move(batch)});
}

}  // namespace syncline::engine
