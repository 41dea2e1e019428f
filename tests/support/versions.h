// What a file has ever held under its name, so that a torn one is told from an old one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/tree.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace syncline::test {

class Versions {
 public:
  void add(const Tree& tree);
  void forget() { contents_.clear(); }

  /// Whether each file under a final name holds one of the versions. Temporaries have no such name.
  [[nodiscard]] testing::AssertionResult nothing_is_torn_in(const Tree& found) const;

 private:
  std::map<std::string, std::set<std::string>> contents_;
};

}  // namespace syncline::test
