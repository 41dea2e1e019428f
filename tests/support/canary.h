// A tree that nobody has any business in. Every opening, reading, writing and change of metadata in
// it is seen, by the kernel's word (inotify(7)) and by a look at it afterwards. To look at a status
// or a symlink's target leaves no trace anywhere, and so goes unseen.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/temporary_folder.h"
#include "support/tree.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace syncline::test {

class Canary {
 public:
  explicit Canary(const Tree& tree);
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;
  ~Canary();

  [[nodiscard]] const std::string& path() const { return folder_.path(); }

  /// What was done to it since this was asked last.
  [[nodiscard]] std::vector<std::string> accesses() const;
  /// Everything in it is what it was; asks in ways that are not seen as accesses.
  [[nodiscard]] testing::AssertionResult is_as_it_was() const;
  /// Neither a change nor an access since the last time.
  [[nodiscard]] testing::AssertionResult is_untouched() const;

 private:
  const TemporaryFolder folder_;
  Tree tree_;
  int inotify_;
  std::map<int, std::string> watched_;  ///< paths by watch
};

}  // namespace syncline::test
