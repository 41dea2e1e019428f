// A destination that can hold neither owners, modes, hard links nor fine times: what it does hold
// is not written again by each pass.
//
// SPDX-License-Identifier: MIT
#include "support/exfat.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

class CoarseFileSystem : public TwoRoots, public testing::WithParamInterface<bool> {
 protected:
  CoarseFileSystem() : disk(destination) {}
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << "no exFAT can be mounted here";
  }

  const Exfat disk;
};

TEST_P(CoarseFileSystem, is_written_to_once) {
  given_source({file("first", "linked"), hard_link("folder/second", "first"), file("fine", "times"),
                file("folder/inside", "text"), file("set-user", "x").mode(04755),
                file("large", std::string(200'000, 'l'))});
  Options how = options();
  if (GetParam()) how.index = index_place::File{home / "index"};
  EXPECT_EQ(run_pass(how).status(), Status::done);
  for (int round = 0; round < 2; ++round) {
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(pass.actions.size(), 0)
        << pass.actions.front().path << ": " << to_string(pass.actions.front().reason.code);
    Strings unkept;
    for (const Unkept& each : pass.summary.unkept) unkept.emplace_back(to_string(each.aspect));
    EXPECT_EQ(unkept, (Strings{"mode", "hard links"}));
    EXPECT_EQ(temporaries_in(destination), Strings{});
  }
  EXPECT_EQ(snapshot(destination).at("folder/second").content, "linked");
  // And what did change arrives at each name.
  overwrite_unseen(source, "first", "LINKED");
  set_mtime(source, "first", default_mtime_ns + 60'000'000'000);
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_EQ(snapshot(destination).at("first").content, "LINKED");
  EXPECT_EQ(snapshot(destination).at("folder/second").content, "LINKED");
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutIndex, CoarseFileSystem, testing::Bool());

}  // namespace
}  // namespace syncline::test
