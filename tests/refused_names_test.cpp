// Names that the destination refuses are met before anything is read or written for them.
//
// SPDX-License-Identifier: MIT
#include "model/suspect_names.h"
#include "support/bent_kernel.h"
#include "support/exfat.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

TEST(SuspectNames, are_those_that_are_refused_somewhere) {
  for (const char* name : {"a:b", "a\\b", "a*", "?", "\"", "<", ">", "|", "a\tb", "a ", "a.",
                           "\x7f", "\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    EXPECT_TRUE(is_suspect_name(name)) << printable(name);
  for (const char* name : {"a", " a", ".a", "a.b c", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                           "a,b;c'd(e)[f]{g}~!@#$%^&+=`"})
    EXPECT_FALSE(is_suspect_name(name)) << printable(name);
}

class RefusedNames : public TwoRoots {
 protected:
  static void expect_refusals(const Pass& pass, std::vector<std::string> paths) {
    EXPECT_EQ(pass.status(), Status::some_failed);
    std::vector<std::string> refused;
    for (const Failure& failure : pass.failures) {
      refused.push_back(failure.path);
      EXPECT_EQ(failure.detail, "DST does not allow this name") << printable(failure.path);
    }
    std::ranges::sort(refused);
    std::ranges::sort(paths);
    EXPECT_EQ(refused, paths);
  }
};

TEST_F(RefusedNames, cost_no_content) {
  const Exfat disk(destination);
  if (!disk.done()) GTEST_SKIP() << "exFAT cannot be mounted here";
  Tree tree{file("good", "text"), folder("fold:er"), file("fold:er/in it", "text"), fifo("fi:fo")};
  tree.put(file("a:b", std::string(3'000'000, 'x')));
  tree.put(file("small?", "text"));
  given_source(tree);
  let_age(source);  // what is younger than a tick of the clock is read once more
  Options how = options();
  how.index = index_place::File{home / "index"};
  const std::vector<std::string> refused{"a:b", "fi:fo", "fold:er", "small?"};
  const Pass first = run_pass(how);
  expect_refusals(first, refused);
  EXPECT_EQ(first.summary.bytes_written, 4);
  const Pass second = run_pass(how);
  expect_refusals(second, refused);
  EXPECT_EQ(second.summary.bytes_written, 0);
  EXPECT_EQ(second.summary.bytes_read, 0);
  EXPECT_EQ(second.actions.size(), 0);
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

TEST_F(RefusedNames, are_no_more_than_those_that_are) {
  BentKernel kernel;
  kernel.pretend_type(0x65735546);  // FUSE, which may refuse some
  given_source({file("a:b", "text"), file("\xff", "text"), folder("c."), symlink("d ", "e"),
                file(std::string(254, 'x') + "?", "text")});
  run_ok(options());
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

}  // namespace
}  // namespace syncline::test
