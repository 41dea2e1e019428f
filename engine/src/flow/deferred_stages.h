// After the walk: names are linked, folders give way, and what only the destination has goes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deferred_work.h"
#include "deferred/links.h"
#include "flow/graph.h"
#include "flow/jobs.h"
#include "flow/walk_stages.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include <vector>

namespace syncline::engine {

/// Thread-safe, but for finish().
class DeferredStages {
 public:
  DeferredStages(Graph& graph, WalkStages& walk) : graph_(graph), walk_(walk) {}

  /// Carries out the deferred list of the pass that has that `root`, deletions only if `allowed`.
  void finish(const FolderRef& root, bool allowed);

  void perform(const Work& work, job::Link& job);
  void perform(const Work& work, job::ReplaceFolders& job);
  void perform(const Work& work, job::FinishDeferred& job);
  void perform(const Work& work, job::FinishHeld& job);

 private:
  void link(LinkWork& work);
  static void remember_moved(Pass& pass);
  void remove(DeferredWork& work);
  void link_later(LinkWork& links, std::vector<index::Follower> held, Patience patience);
  void submit_held(DeferredWork& deferred, index::FolderKey key, std::vector<index::Removal> held,
                   Patience patience);

  Graph& graph_;
  WalkStages& walk_;
};

}  // namespace syncline::engine
