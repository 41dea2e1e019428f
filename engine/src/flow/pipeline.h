// The flow graph of a pass: who runs when. What is done is in walk/, content/ and deferred/.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "pass/passes.h"

#include "syncline/options.h"

#include <memory>
#include <vector>

namespace syncline {

/// Of the passes that go on together. One at a time; its members are called by one thread, and
/// block.
class Pipeline {
 public:
  Pipeline(const engine::Passes& passes, Workers workers);
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  ~Pipeline();

  /// Walks, proves and copies everything from `roots` down, of which each pass has one: the source
  /// is walked and read once for all. When it returns, all but the deferred lists is done and
  /// recorded.
  void walk(const std::vector<engine::FolderRef>& roots);

  /// Carries out the deferred list of one of them, deletions only if `allowed`.
  void finish_deferred(const engine::FolderRef& root, bool allowed);

  /// Flushes every file system that one of them wrote to, so that what was done is on the disks. A
  /// failure is recorded.
  void flush(const engine::FolderRef& root);

 private:
  class Stages;
  std::unique_ptr<Stages> stages_;
};

}  // namespace syncline
