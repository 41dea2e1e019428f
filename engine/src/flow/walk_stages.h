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
#include "pass/passes.h"
#include "walk/batch.h"
#include "walk/list.h"
#include "walk/reconcile.h"
#include "walk/steps.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace syncline::engine {

/// Thread-safe, but for walk().
class WalkStages {
 public:
  WalkStages(const Passes& passes, Graph& graph, Settling& settling, ContentStages& content,
             Workers workers)
      : passes_(passes),
        graph_(graph),
        settling_(settling),
        content_(content),
        walkers_(static_cast<std::int64_t>(workers.io_threads)) {}

  /// Everything from `roots`, one for each pass, down that the source has. Returns when that is
  /// done, files included.
  void walk(const std::vector<FolderRef>& roots);
  /// After that: what only the destination of that root has.
  void walk_extraneous(const FolderRef& root);

  /// Names of `folder` that are met once more.
  void submit(FolderRef folder, Batch batch);

  void perform(const Work& work, job::Walk& walk);
  void perform(const Work& work, job::Reconcile& held);
  void perform(const Work& work, job::Change& job);

 private:
  void submit(std::vector<FolderRef> folders);
  void list_all(std::vector<FolderRef>& folders, const Patience& patience);
  void walk_later(std::vector<FolderRef> folders, Patience patience);
  void go_on(std::vector<FolderRef> folders);
  void hold(const FolderRef& folder, const Batch& of, std::vector<std::string> names);
  void ask_again(const FolderRef& folder, const Batch& of, std::vector<std::string> names);
  void change_later(const FolderRef& folder, std::vector<EntryChange> changes, Patience patience);
  void reconcile_and_hand_on(std::span<const Meeting> meetings);
  void submit_folders(std::vector<Steps>& all);

  const Passes passes_;
  Graph& graph_;
  Settling& settling_;
  ContentStages& content_;
  const std::int64_t walkers_;
  std::atomic<std::int64_t> walks_{0};  ///< folders to be walked that are left
  std::mutex held_mutex_;
  std::vector<job::Reconcile> held_;  ///< for the end of the walk
};

}  // namespace syncline::engine
