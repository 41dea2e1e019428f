// What was written, read back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/memory.h"
#include "pass/pass.h"

namespace syncline::engine {

/// For one thread, over files that are read back one after the other.
class ReadBack {
 public:
  /// Reads `finished` back, past the page cache where the disk allows, and throws Unverified unless
  /// it is what was hashed. False: the pass is stopping, and a large file was not read to its end.
  /// Throws SystemError.
  [[nodiscard]] bool verify(Pass& pass, Finished& finished);

 private:
  filesystem::Memory room_;  ///< none before the first
};

}  // namespace syncline::engine
