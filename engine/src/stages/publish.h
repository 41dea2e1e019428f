// Publishing: finished temporaries are flushed, then renamed, in groups.
//
// A rename before the data is on the disk can leave an empty or torn file under the final name
// after a power cut; a flush for each file is slow. So temporaries wait until a group is full or
// nothing else can run, and one syncfs(2) serves them all.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/flush_method.h"
#include "stages/pass.h"
#include "stages/transfer.h"

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace syncline::stages {

/// Files on one file system that are published together.
struct PublishGroup {
  filesystem::FlushMethod method = filesystem::FlushMethod::none;
  std::vector<Finished> files;
  std::uint64_t bytes = 0;
};

/// Thread-safe.
class PublishQueue {
 public:
  explicit PublishQueue(Pass& pass) : pass_(pass) {}

  /// Takes `finished` in; the groups that are full by that, or need not wait.
  std::vector<PublishGroup> add(std::vector<Finished> finished);
  /// One that is published for itself.
  PublishGroup alone(Finished finished);
  /// All that wait.
  std::vector<PublishGroup> take();

  /// The last flush of a pass: of every file system that files were published on, and of that of
  /// `root`.
  void flush_all(Folder& root, std::vector<Event>& events);

 private:
  struct FileSystem {
    filesystem::FlushMethod method;
    Handles::Handle folder;  ///< any on it
    PublishGroup waiting;
  };
  FileSystem& file_system_of(Folder& folder);

  Pass& pass_;
  std::mutex mutex_;
  std::map<std::uint64_t, FileSystem> file_systems_;  // by device
};

/// Flushes `group`, renames what was flushed, removes what was not.
Outcomes publish(Pass& pass, PublishGroup& group);

}  // namespace syncline::stages
