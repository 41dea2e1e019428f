// What files have ever held, so that a torn one is told from an old one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/tree.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace syncline::test {

class Versions {
 public:
  void add(const Tree& tree);
  void forget();

  /// Whether each file under a final name holds one of the versions: of that name or, since what is
  /// moved is updated later, of another, and then with the mtime of that one. Temporaries have no
  /// such name.
  [[nodiscard]] testing::AssertionResult nothing_is_torn_in(const Tree& found) const;

 private:
  [[nodiscard]] bool is_whole(const Entry& file) const;

  std::map<std::string, std::set<std::string>> contents_;
  std::set<std::pair<std::string, Timestamp>> of_any_;  ///< and their mtimes
};

}  // namespace syncline::test
