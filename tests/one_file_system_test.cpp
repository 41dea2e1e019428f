// What -x leaves out: folders of the source on which something is mounted.
//
// SPDX-License-Identifier: MIT
#include "support/bind_mount.h"
#include "support/index.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace syncline::test {
namespace {

class OneFileSystem : public TwoRoots {
 protected:
  // Of the index in `home`, which the tests may look into.
  [[nodiscard]] Options how() const {
    Options asked = options();
    asked.one_file_system = true;
    asked.index = index_place::File{home / "index"};
    return asked;
  }
};

TEST_F(OneFileSystem, makes_an_empty_folder_of_a_mount_point) {
  given_source({file("plain/file", "text"), folder("plain/mnt")});
  const Tmpfs disk{source + "/plain/mnt"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  const Tree inside{folder("").mode(0751).mtime(5'000'000'005), file("film", "long")};
  make(inside, source + "/plain/mnt");

  const Tree expected{file("plain/file", "text"),
                      folder("plain/mnt").mode(0751).mtime(5'000'000'005)};
  EXPECT_EQ(run_ok(how()).summary.source.entries, 3);
  EXPECT_TRUE(same(snapshot(destination), expected));
  const Stamps before = stamps(destination);
  EXPECT_FALSE(run_ok(how()).summary.changed_anything());
  EXPECT_TRUE(untouched(before, stamps(destination)));

  Options all = how();
  all.one_file_system = false;
  run_ok(all);
  EXPECT_TRUE(exists(destination, "plain/mnt/film"));
}

TEST_F(OneFileSystem, knows_a_mount_of_the_same_file_system) {
  given_source({folder("mnt"), file("other/film", "long")});
  const BindMount same_device{source + "/other", source + "/mnt"};
  if (!same_device.done()) GTEST_SKIP() << "no right to mount";
  run_ok(how());
  EXPECT_TRUE(same(snapshot(destination), {folder("mnt"), file("other/film", "long")}));
}

TEST_F(OneFileSystem, leaves_alone_what_the_destination_holds_there) {
  given_source({folder("mnt"), file("file")});
  Options all = how();
  all.one_file_system = false;
  const Tmpfs disk{source + "/mnt"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  make({file("film", "long"), folder("deeper")}, source + "/mnt");
  const Tmpfs deeper{source + "/mnt/deeper"};
  make({file("clip", "short")}, source + "/mnt/deeper");
  run_ok(all);
  run_ok(all);  // by now all stamps are so old that they prove something
  put(file("gone"), destination);
  const auto remembered = files_in_index(home / "index");

  Options deletes = how();
  deletes.deletions = deletion::Unlimited{};
  const Pass pass = run_ok(deletes);
  EXPECT_EQ(pass.paths(Verb::remove), std::vector<std::string>{"gone"});
  EXPECT_TRUE(exists(destination, "mnt/film"));
  EXPECT_TRUE(exists(destination, "mnt/deeper/clip"));
  EXPECT_EQ(files_in_index(home / "index"), remembered);
  // And later passes go on from there.
  const Pass later = run_ok(all);
  EXPECT_EQ(later.summary.standing.entries, 3);
  EXPECT_FALSE(later.summary.changed_anything());
}

TEST_F(OneFileSystem, still_notices_a_mount_that_is_gone) {
  given_source({folder("mnt"), file("file")});
  {
    const Tmpfs disk{source + "/mnt"};
    if (!disk.done()) GTEST_SKIP() << "no right to mount";
    make({file("film", "long")}, source + "/mnt");
    Options all = how();
    all.one_file_system = false;
    run_ok(all);
    run_ok(how());
  }
  EXPECT_EQ(run_pass(how()).status(), Status::some_failed);
  EXPECT_TRUE(exists(destination, "mnt/film"));
}

TEST_F(OneFileSystem, puts_a_folder_in_the_place_of_something_else) {
  given_source({folder("mnt")});
  given_destination({file("mnt", "text")});
  const Tmpfs disk{source + "/mnt"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  make({folder("").mode(0750), file("film", "long")}, source + "/mnt");
  run_ok(how());
  EXPECT_TRUE(same(snapshot(destination), {folder("mnt").mode(0750)}));
}

TEST_F(OneFileSystem, goes_on_in_the_destination_where_a_disk_is_mounted) {
  given_source({file("plain/file", "text")});
  given_destination({folder("plain")});
  const Tmpfs disk{destination + "/plain"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  put(file("gone"), destination + "/plain");
  run_ok(how());
  EXPECT_TRUE(same(snapshot(destination), {file("plain/file", "text")}));
}

TEST_F(OneFileSystem, tells_the_same_in_a_dry_run) {
  given_source({folder("mnt")});
  given_destination({});
  const Tmpfs disk{source + "/mnt"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  make({file("film", "long")}, source + "/mnt");
  Options dry = how();
  dry.dry_run = true;
  EXPECT_EQ(run_ok(dry).paths(Verb::create), std::vector<std::string>{"mnt"});
}

TEST_F(OneFileSystem, may_mirror_onto_a_disk_that_is_mounted_in_the_source) {
  given_source({folder("mnt"), file("file", "text")});
  const Tmpfs disk{source + "/mnt"};
  if (!disk.done()) GTEST_SKIP() << "no right to mount";
  make({folder("backup")}, source + "/mnt");
  for (const char* const place : {"/mnt/backup", "/mnt/new", "/mnt"}) {
    Options inside = how();
    inside.destination = source + place;
    inside.one_file_system = false;
    EXPECT_EQ(refusal(inside), Status::root_unusable) << place;
    inside.one_file_system = true;
    inside.index = index_place::None{};
    inside.deletions = deletion::Unlimited{};
    run_ok(inside);
    EXPECT_EQ(snapshot(inside.destination).at("file"), file("file", "text")) << place;
    EXPECT_EQ(snapshot(inside.destination).size(), 3) << place;
  }
}

}  // namespace
}  // namespace syncline::test
