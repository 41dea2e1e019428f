// Whether bytes that were read are on the disk already: what is only in memory a power cut can take
// back, leaving older bytes under the very stamps that were remembered. One syncfs(2) a pass and
// file system settles it for all files that did not change since.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/flush_method.h"
#include "pass/handles.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

namespace syncline::engine {

/// When a new file gets its name.
enum class Naming : std::uint8_t {
  at_once,       ///< it is not flushed
  when_flushed,  ///< and has none until then
  by_rename,     ///< once it is flushed, from that of a temporary
};

/// Thread-safe.
class Durability {
 public:
  explicit Durability(bool may_flush) : may_flush_(may_flush) {}

  /// Of a file in `folder` that changed last at `ctime`. May flush the file system.
  bool is_on_disk(Handles& handles, Folder& folder, const Timestamp& ctime);
  /// Whether what we write in `folder` is flushed before it gets its name, or needs no flush.
  bool is_flushed(Handles& handles, Folder& folder);
  /// Of what we write in `folder`. At once only where no error comes as late as its closing.
  Naming naming(Handles& handles, Folder& folder);

 private:
  struct FileSystem {
    FileSystem(filesystem::FlushMethod its_method, bool keeps_well)
        : method(its_method), keeps_unnamed_well(keeps_well) {}

    const filesystem::FlushMethod method;
    const bool keeps_unnamed_well;
    std::atomic<std::int64_t> flushed_ns{0};  ///< all that was written until then is on the disk
    std::mutex flushing{};                    ///< for whoever waits for a flush, and nobody else
  };
  FileSystem& file_system_of(Handles& handles, Folder& folder);

  const bool may_flush_;
  std::mutex mutex_;                                  // never held while a disk is waited for
  std::map<std::uint64_t, FileSystem> file_systems_;  // by device
};

}  // namespace syncline::engine
