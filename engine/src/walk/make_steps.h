// What is to be done with a name, from the verdict on it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "model/entry.h"
#include "pass/pass.h"
#include "walk/batch.h"
#include "walk/batch_counts.h"
#include "walk/batch_removals.h"
#include "walk/batch_rows.h"
#include "walk/case.h"
#include "walk/steps.h"

namespace syncline::engine {

/// For one thread, over the names of one batch.
class StepMaker {
 public:
  StepMaker(Pass& pass, const FolderRef& folder, const Batch& batch, BatchRows& rows,
            BatchCounts& counts, BatchRemovals& removals, Steps& steps)
      : pass_(pass),
        folder_(folder),
        batch_(batch),
        rows_(rows),
        counts_(counts),
        removals_(removals),
        steps_(steps) {}

  /// `it` is judged, and not the same. What may not be done is told of.
  void step_of(Case& it);

 private:
  // False: it may not be done.
  bool add_file(Case& it);
  bool add_change(const Case& it);
  [[nodiscard]] bool may_do_something(const FileTask& task) const;
  [[nodiscard]] bool may_change_in_place(const FileTask& task, const Entry& destination) const;
  [[nodiscard]] FileTask make_task(const Case& it) const;
  void descend(const Case& it);

  Pass& pass_;
  const FolderRef& folder_;
  const Batch& batch_;
  BatchRows& rows_;
  BatchCounts& counts_;
  BatchRemovals& removals_;
  Steps& steps_;
};

}  // namespace syncline::engine
