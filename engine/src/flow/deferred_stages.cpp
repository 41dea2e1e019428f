// SPDX-License-Identifier: MIT
#include "flow/deferred_stages.h"

#include "deferred/deferred_folders.h"
#include "filesystem/memory.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

namespace syncline::engine {
namespace {

// Followers in memory; each round ends with a flush of what was copied in it.
constexpr std::size_t link_round = 8192;
// Links made by one worker before it tells of them.
constexpr std::ptrdiff_t link_job = 256;

}  // namespace

// The walk's folders are gone: those of the deferred list, made anew by one thread, would come on
// top of what all others had for them. To delete 30,000 levels took 106 MB by that.
void DeferredStages::finish(const FolderRef& root, bool allowed) {
  filesystem::give_back_memory();
  Pass& pass = *root->pass;
  DeferredFolders folders{pass, root};
  DeferredFolders judging{pass, root, true};
  LinkWork links{pass, judging};
  pass.books.stage = Stage::linking;
  ++root->pending;  // it is settled already
  link(links);
  --root->pending;
  DeferredWork work{pass, folders, allowed};
  pass.books.stage = Stage::deleting;
  graph_.run_without_copies({graph_.make_work(Urgency::finish, job::ReplaceFolders{work})});
  remove(work);
  remember_moved(pass);
}

// The deepest folders first.
void DeferredStages::remove(DeferredWork& work) {
  index::DeferredList& deferred = work.pass().replica.deferred;
  for (const std::uint32_t depth : deferred.depths()) {
    index::FolderKey after = index::no_folder;
    while (true) {
      const auto keys = deferred.folders_at(depth, after, deferred_round);
      if (keys.empty()) break;
      std::vector<Work> round;
      round.reserve(keys.size());
      for (const index::FolderKey key : keys)
        round.push_back(graph_.make_work(Urgency::finish, job::FinishDeferred{work, key, {}}));
      graph_.run_without_copies(std::move(round));
      after = keys.back();
    }
  }
}

// A round of followers, whole groups to a job. The groups that have no leader yet go on in the
// next generation, once those that were chosen are judged.
void DeferredStages::link(LinkWork& work) {
  Pass& pass = work.pass();
  index::LinkGroups& links = pass.replica.links;
  while (links.has_followers() && !pass.brakes.stopping()) {
    index::LinkGroups::Position position{.generation = links.generation(), .group = {}};
    links.begin_generation();
    while (true) {
      auto followers = links.followers(position, link_round);
      if (followers.empty()) break;
      std::vector<Work> round;
      for (auto begin = followers.begin(); begin != followers.end();) {
        auto end = begin + std::min(link_job, followers.end() - begin);
        while (end != followers.end() && end->group == std::prev(end)->group) ++end;
        round.push_back(graph_.make_work(
            Urgency::finish,
            job::Link{work, {std::move_iterator{begin}, std::move_iterator{end}}}));
        begin = end;
      }
      graph_.run(std::move(round));
    }
  }
}

// The names that were taken away moved the ctimes of what has others.
void DeferredStages::remember_moved(Pass& pass) {
  if (!pass.memory.is_usable()) return;
  index::LinkGroup after;
  while (true) {
    const auto edits = moved_leaders(pass, after);
    if (edits.empty()) break;
    pass.memory.write(edits);
  }
}

void DeferredStages::perform(const Work& work, job::Link& job) {
  const auto share = static_cast<std::int64_t>(job.followers.size());
  if (!graph_.admits_names(share, work)) return;
  const bool may_hold = !job.patience.is_over();
  LinkOutcome outcome = job.links.link(job.followers, may_hold);
  link_later(job.links, std::move(outcome.held), job.patience);
  for (LinkOutcome::Judged& judged : outcome.judged)
    walk_.submit(std::move(judged.folder), std::move(judged.batch));
  graph_.record(job.links.pass(), std::move(outcome.events), share, std::move(outcome.edits));
}

void DeferredStages::link_later(LinkWork& links, std::vector<index::Follower> held,
                                Patience patience) {
  if (held.empty()) return;
  const auto when = patience.next_or_now();
  graph_.submit_at(when, Urgency::finish, job::Link{links, std::move(held), patience});
}

void DeferredStages::perform(const Work& /*work*/, job::ReplaceFolders& job) {
  graph_.record(job.deferred.pass(), job.deferred.replace_folders());
}

void DeferredStages::perform(const Work& work, job::FinishDeferred& job) {
  constexpr auto share = static_cast<std::int64_t>(DeferredWork::page_names);
  if (!graph_.admits_names(share, work)) return;
  DeferredWork::Page page = job.deferred.finish(job.key, job.after);
  if (page.after)
    graph_.submit(graph_.make_work(
        Urgency::finish, job::FinishDeferred{job.deferred, job.key, std::move(*page.after)}));
  submit_held(job.deferred, job.key, std::move(page.held), {});
  graph_.record(job.deferred.pass(), std::move(page.events), share, std::move(page.edits));
}

void DeferredStages::submit_held(DeferredWork& deferred, index::FolderKey key,
                                 std::vector<index::Removal> held, Patience patience) {
  if (held.empty()) return;
  const auto when = patience.next_or_now();
  graph_.submit_at(when, Urgency::finish,
                   job::FinishHeld{deferred, key, std::move(held), patience});
}

void DeferredStages::perform(const Work& work, job::FinishHeld& job) {
  constexpr auto share = static_cast<std::int64_t>(DeferredWork::page_names);
  if (!graph_.admits_names(share, work)) return;
  const bool may_hold = !job.patience.is_over();
  DeferredWork::Page page = job.deferred.finish_held(job.key, job.held, may_hold);
  submit_held(job.deferred, job.key, std::move(page.held), job.patience);
  graph_.record(job.deferred.pass(), std::move(page.events), share, std::move(page.edits));
}

}  // namespace syncline::engine
