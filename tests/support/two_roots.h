// The scene of most tests: a source and a destination side by side, given as trees.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/disk.h"
#include "support/passes.h"
#include "support/temporary_folder.h"
#include "support/tree.h"

#include <gtest/gtest.h>

#include <string>

namespace syncline::test {

class TwoRoots : public testing::Test {
 protected:
  void given_source(const Tree& tree) const { make(tree, source); }
  void given_destination(const Tree& tree) const { make(tree, destination); }

  [[nodiscard]] Options options() const { return between(source, destination); }
  /// A pass that must end well, after which both trees must be as `expected`.
  Pass expect_mirrored(const Tree& expected, const Options& how = {}) const {
    Pass pass = mirror_ok(source, destination, how);
    EXPECT_TRUE(same(snapshot(source), expected));
    EXPECT_TRUE(same(snapshot(destination), expected));
    return pass;
  }

  const TemporaryFolder home;
  const std::string source = home / "source";
  const std::string destination = home / "destination";
};

}  // namespace syncline::test
