// Folders are walked: listed, looked at a batch of names at a time, and what has to happen to these
// is handed on.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "flow/content_stages.h"
#include "flow/graph.h"
#include "flow/jobs.h"
#include "flow/settling.h"
#include "pass/folder.h"
#include "pass/pass.h"
#include "walk/batch.h"
#include "walk/list.h"
#include "walk/steps.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace syncline::engine {

/// Thread-safe, but for walk().
class WalkStages {
 public:
  WalkStages(Pass& pass, Graph& graph, Settling& settling, ContentStages& content, Workers workers)
      : pass_(pass),
        graph_(graph),
        settling_(settling),
        content_(content),
        walkers_(static_cast<std::int64_t>(workers.io_threads)) {}

  /// Everything from `root` down that the source has. Returns when that is done, files included.
  void walk(const FolderRef& root);
  /// After that: what only the destination has.
  void walk_extraneous(const FolderRef& root);

  /// Names of `folder` that are met once more.
  void submit(FolderRef folder, Batch batch);

  void perform(const Work& work, job::Walk& walk);
  void perform(const Work& work, job::Reconcile& held);
  void perform(const Work& work, job::Change& job);

 private:
  void submit(FolderRef folder);
  void walk_later(const FolderRef& folder, Patience patience);
  void go_on(const FolderRef& folder);
  void hold(const FolderRef& folder, const Batch& of, std::vector<std::string> names);
  void ask_again(const FolderRef& folder, const Batch& of, std::vector<std::string> names);
  void change_later(const FolderRef& folder, std::vector<EntryChange> changes, Patience patience);
  void reconcile_and_hand_on(const FolderRef& folder, const Batch& batch, Listed listed);

  Pass& pass_;
  Graph& graph_;
  Settling& settling_;
  ContentStages& content_;
  const std::int64_t walkers_;
  std::atomic<std::int64_t> walks_{0};  ///< folders to be walked that are left
  std::mutex held_mutex_;
  std::vector<job::Reconcile> held_;  ///< for the end of the walk
};

}  // namespace syncline::engine
