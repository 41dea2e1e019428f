// The flow graph of a pass: who runs when. What is done is in walk/, content/ and deferred/.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "pass/record.h"

#include "syncline/options.h"

#include <memory>

namespace syncline {

/// One at a time per pass; its members are called by one thread, and block.
class Pipeline {
 public:
  Pipeline(engine::Pass& pass, engine::Recorder& recorder, Workers workers);
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  ~Pipeline();

  /// Walks, proves and copies everything from `root` down. When it returns, all but the deferred
  /// list is done and recorded.
  void walk(const engine::FolderRef& root);

  /// Carries out the deferred list, deletions only if `allowed`.
  void finish_deferred(const engine::FolderRef& root, bool allowed);

  /// Flushes every file system that was written to, so that what was done is on the disks. A
  /// failure is recorded.
  void flush(const engine::FolderRef& root);

 private:
  class Stages;
  std::unique_ptr<Stages> stages_;
};

}  // namespace syncline
