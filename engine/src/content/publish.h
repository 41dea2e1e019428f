// Publishing: finished temporaries are flushed, then renamed, in groups.
//
// A rename before the data is on the disk can leave an empty or torn file under the final name
// after a power cut; a flush for each file is slow. So temporaries wait until a group is full or
// nothing else can run, and one syncfs(2) serves them all; but not for long, for what is finished
// is wanted, and a large file beside them may take hours.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/publish_queue.h"
#include "content/transfer.h"
#include "filesystem/flush_method.h"
#include "pass/pass.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace syncline::engine {

/// What a stop still waits for: so much of what is finished is flushed and published. Thread-safe.
class StopAllowance {
 public:
  /// False: it is more than what is left of it.
  bool take(std::uint64_t bytes);

 private:
  // A second at the pace of a slow disk.
  std::atomic<std::uint64_t> left_{64U << 20U};
};

/// Flushes `group`, renames what was flushed, removes what was not. Once the pass is stopping, what
/// `allowance` does not let pass is removed too, or left for the next run.
Outcomes publish(Pass& pass, PublishGroup& group, StopAllowance& allowance);

}  // namespace syncline::engine
