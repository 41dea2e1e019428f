// What one pass makes equal: given trees, mirrored, compared whole.
//
// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include "support/open_file_limit.h"
#include "support/two_roots.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

class Mirror : public TwoRoots {};

TEST_F(Mirror, makes_the_root_of_an_empty_source) {
  const Tree tree{folder("").mode(0751).mtime(1'000'000'001)};
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_TRUE(pass.summary.changed_anything());
}

TEST_F(Mirror, copies_folders_files_and_symlinks) {
  const Tree tree{
      folder("empty"),     folder("empty/inside/empty"),      file("file", "text"),
      file("empty file"),  file("folder/other", "more text"), symlink("folder/link", "other"),
      fifo("folder/fifo"), socket("folder/socket"),
  };
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.paths(Verb::create).size(), pass.actions.size());
  EXPECT_EQ(pass.summary.source.entries, tree.size() - 1);
  EXPECT_EQ(pass.summary.source.bytes, 13);
  EXPECT_EQ(pass.summary.created.bytes, 13);
}

TEST_F(Mirror, copies_devices) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may make devices";
  const Tree tree{character_device("null", 0x103)};
  try {
    given_source(tree);
  } catch (const std::system_error& refused) {
    GTEST_SKIP() << refused.what();
  }
  expect_mirrored(tree);
}

TEST_F(Mirror, follows_changed_content) {
  given_destination({
      file("grown", "short"),
      file("shrunk", "very much longer"),
      file("emptied", "something"),
      file("filled"),
      file("same size", "before"),
      file("same size and mtime differs", "before").mtime(1),
      file("same", "same"),
  });
  const Tree tree{
      file("grown", "very much longer"),
      file("shrunk", "short"),
      file("emptied"),
      file("filled", "something"),
      file("same size", "after!"),
      file("same size and mtime differs", "after!"),
      file("same", "same"),
  };
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.paths(Verb::update), (Strings{"emptied", "filled", "grown", "same size",
                                               "same size and mtime differs", "shrunk"}));
  EXPECT_EQ(pass.actions.size(), 6);
  EXPECT_EQ(pass.summary.proved.entries, 1);
}

TEST_F(Mirror, sets_metadata_alone_where_metadata_alone_differs) {
  given_destination({
      file("file", "content").mode(0600).mtime(1),
      folder("folder").mode(0700).mtime(2),
      file("folder/inside"),
      symlink("link", "target").mtime(3),
      fifo("fifo").mode(0600),
  });
  const Tree tree{file("file", "content"), folder("folder"), file("folder/inside"),
                  symlink("link", "target"), fifo("fifo")};
  given_source(tree);
  const Stamps before = stamps(destination);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.paths(Verb::set_metadata), (Strings{"fifo", "file", "folder", "link"}));
  EXPECT_EQ(pass.actions.size(), 4);
  for (const auto& [path, stamp] : stamps(destination)) {
    EXPECT_EQ(stamp.inode, before.at(path).inode) << path;
  }
  EXPECT_EQ(stamps(destination).at("folder/inside"), before.at("folder/inside"));
}

TEST_F(Mirror, removes_what_the_source_lacks) {
  given_destination({
      file("kept", "kept"),
      file("file", "text"),
      symlink("link", "nowhere"),
      fifo("fifo"),
      folder("empty"),
      file("full/of/files", "text"),
      symlink("full/of/link", "/"),
      folder("full/of/folders"),
      file("folder/file"),
  });
  const Tree tree{file("kept", "kept"), folder("folder")};
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.summary.removed.entries, 10);
  EXPECT_EQ(pass.summary.removed.bytes, 8);
}

TEST_F(Mirror, changes_every_kind_into_every_other) {
  struct Form {
    std::string name;
    std::vector<Entry> entries;
  };
  const std::vector<Form> forms{
      {"file", {file("", "content")}},
      {"empty folder", {folder("")}},
      {"full folder", {folder(""), file("inside", "text"), folder("sub")}},
      {"symlink", {symlink("", "target")}},
      {"folder symlink", {symlink("", "..")}},
      {"fifo", {fifo("")}},
      {"socket", {socket("")}},
  };
  const auto put_form = [](Tree& tree, const std::string& path, const Form& form) {
    for (Entry entry : form.entries) {
      entry.path = entry.path.empty() ? path : join(path, entry.path);
      tree.put(entry);
    }
  };
  Tree before;
  Tree after;
  for (const Form& from : forms) {
    for (const Form& to : forms) {
      const std::string path = from.name + " to " + to.name;
      put_form(before, path, from);
      put_form(after, path, to);
    }
  }
  given_destination(before);
  given_source(after);
  expect_mirrored(after);
}

TEST_F(Mirror, follows_no_symlink_in_the_source) {
  make({file("precious", "outside")}, home / "outside");
  const Tree tree{symlink("to folder", "../outside"),
                  symlink("absolute", home / "outside"),
                  symlink("to file", "../outside/precious"),
                  symlink("dangling", "no/such/thing"),
                  symlink("itself", "itself"),
                  symlink("long", std::string(4095, 'x'))};
  given_source(tree);
  given_destination({folder("to folder")});
  expect_mirrored(tree);
}

TEST_F(Mirror, follows_no_symlink_in_the_destination) {
  const Tree outside{file("precious", "outside"), folder("folder")};
  make(outside, home / "outside");
  const Stamps before = stamps(home / "outside");
  given_destination({
      symlink("to folder", "../outside"),
      symlink("to be removed", "../outside"),
      symlink("to file", "../outside/precious"),
      symlink("to be a link", "../outside"),
  });
  const Tree tree{file("to folder/precious", "inside"), file("to file", "inside"),
                  symlink("to be a link", "elsewhere")};
  given_source(tree);
  expect_mirrored(tree);
  EXPECT_TRUE(untouched(before, stamps(home / "outside")));
}

TEST_F(Mirror, never_writes_through_a_hard_link) {
  const Tree outside{file("precious", "content").mode(0600)};
  make(outside, home / "outside");
  given_destination({});
  ASSERT_EQ(::link((home / "outside/precious").c_str(), (home / "destination/linked").c_str()), 0);
  const Tree tree{file("linked", "content")};
  given_source(tree);
  expect_mirrored(tree);
  EXPECT_TRUE(same(snapshot(home / "outside"), outside));
}

TEST_F(Mirror, keeps_times_to_the_nanosecond) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  Tree tree{folder("").mtime(-1)};
  for (const std::int64_t time :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, -ns_per_s, -ns_per_s - 1,
        -2'000'000'000 * ns_per_s + 1, 2'147'483'647 * ns_per_s + 999'999'999,
        2'147'483'648 * ns_per_s, 4'294'967'296 * ns_per_s + 1}) {
    const std::string name = std::to_string(time);
    tree.put(folder("folder " + name).mtime(time));
    tree.put(file("folder " + name + "/file", "x").mtime(time));
    tree.put(symlink("link " + name, "x").mtime(time));
    tree.put(fifo("fifo " + name).mtime(time));
  }
  given_source(tree);
  expect_mirrored(tree);
}

TEST_F(Mirror, keeps_all_twelve_mode_bits) {
  Tree tree{folder("").mode(01777)};
  const bool may_read_all = ::geteuid() == 0;
  for (std::uint32_t bit = 0; bit < 12; ++bit) {
    const std::uint32_t readable = may_read_all ? 0 : 0700;
    const std::string name = std::to_string(bit);
    tree.put(folder("folder " + name).mode(readable | (1U << bit)));
    tree.put(file("folder " + name + "/file", "x").mode(readable | (1U << bit)));
    tree.put(fifo("fifo " + name).mode(1U << bit));
  }
  if (may_read_all) tree.put(file("closed/file", "x").mode(0));
  if (may_read_all) tree.put(folder("closed").mode(0));
  given_source(tree);
  expect_mirrored(tree);
}

TEST_F(Mirror, fills_a_folder_that_its_owner_may_not_write) {
  const Tree tree{folder("read only").mode(0555), file("read only/file", "new")};
  given_source(tree);
  given_destination({folder("read only").mode(0555), file("read only/old", "old")});
  expect_mirrored(tree);
}

TEST_F(Mirror, keeps_owner_and_group_as_root) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give entries away";
  const Tree tree{
      folder("").owner(1, 2),
      folder("folder").owner(65534, 3),
      file("folder/setuid", "x").owner(1000, 0).mode(06755),
      symlink("link", "x").owner(12345, 54321),
      fifo("fifo").owner(0, 7),
      file("owner alone", "x").owner(5, 0),
      file("group alone", "x").owner(0, 5),
  };
  given_source(tree);
  given_destination({file("owner alone", "x"), file("group alone", "x")});
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.paths(Verb::set_metadata), Strings{"."});
  EXPECT_EQ(pass.paths(Verb::update), (Strings{"group alone", "owner alone"}))
      << "whoever has them open keeps them";
}

TEST_F(Mirror, takes_names_as_bytes) {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '/') every_byte += static_cast<char>(byte);
  }
  const Tree tree{
      file("-rf", "1"),
      file("--delete", "2"),
      file("two\nlines", "3"),
      file(" ", "4"),
      file("\xff\xfe invalid UTF-8 \xc3", "5"),
      file(std::string(255, 'n'), "6"),
      file(every_byte + "/inside", "7"),
      file("*", "8"),
      file("...", "9"),
      file("%s%n", "10"),
      file("back\\slash", "11"),
      symlink("to bytes", every_byte),
      file("\xc3\xa9", "composed"),
      file("e\xcc\x81", "decomposed"),
      file("case", "lower"),
      file("CASE", "upper"),
  };
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_NE(pass.action_at("two\nlines"), nullptr);
}

TEST_F(Mirror, tells_names_apart_that_sort_near_each_other) {
  // Between "a" and "a/..." sort all names with bytes below '/': the merge of both sides must not
  // mix them up.
  given_source({file("a/x"), file("a-b"), file("a b/x"), file("a\x01"), file("a.b"), file("aa/x")});
  given_destination({file("a-"), file("a-b/x"), file("a0"), file("a/y"), file("a\x01\x01")});
  expect_mirrored(snapshot(source));
}

TEST_F(Mirror, reaches_deeper_than_the_longest_path) {
  std::string path;
  for (int level = 0; level < 300; ++level) path = join(path, "a folder of 20 chars");
  const Tree tree{file(join(path, "file"), "deep")};
  given_source(tree);
  expect_mirrored(tree);
  put(file(join(path, "file 2"), "deep too"), source);
  expect_mirrored(snapshot(source));
  remove(source, "a folder of 20 chars");
  mirror_ok(source, destination, with(&Options::deletions, deletion::Unlimited{}));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Mirror, reaches_deeper_than_it_may_open_files) {
  const OpenFileLimit limit(256);
  std::string path;
  for (int level = 0; level < 1500; ++level) path = join(path, "d");
  const Tree tree{file(join(path, "file"), "deep")};
  given_source(tree);
  expect_mirrored(tree);
  put(file(join(path, "file 2"), "deep too"), source);
  expect_mirrored(snapshot(source));
}

TEST_F(Mirror, lists_a_folder_of_many_entries) {
  Tree before;
  Tree tree;
  for (int number = 0; number < 3000; ++number) {
    const std::string name = std::to_string(number);
    tree.put(file("folder/" + name, name));
    if (number % 3 == 0) before.put(file("folder/" + name, name));
    if (number % 100 == 0) before.put(file("folder/" + name + " is gone", name));
  }
  given_source(tree);
  given_destination(before);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.summary.created.entries, 2000);
  EXPECT_EQ(pass.summary.proved.entries, 1000);
  EXPECT_EQ(pass.summary.removed.entries, 30);
  EXPECT_EQ(pass.summary.destination.entries, 1031);
}

TEST_F(Mirror, creates_nothing_above_the_destination) {
  given_source({file("file", "text")});
  mirror_ok(source, home / "destination/");
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Mirror, follows_symlinks_in_the_paths_of_the_roots) {
  const Tree tree{file("file", "text")};
  given_source(tree);
  given_destination({});
  put(symlink("s", "source"), home.path());
  put(symlink("d", "destination"), home.path());
  mirror_ok(home / "s", home / "d");
  EXPECT_TRUE(same(snapshot(destination), tree));
}

// Else the names of all folders of one depth are in memory at once.
TEST_F(Mirror, finishes_what_was_begun_before_it_begins_more) {
  constexpr std::size_t folders = 40;
  constexpr std::size_t files = 600;  // several times what is looked at together
  for (std::size_t number = 0; number < folders; ++number) {
    Tree tree{folder(std::to_string(number))};
    for (std::size_t name = 0; name < files; ++name)
      tree.put(file(std::to_string(number) + "/" + std::to_string(name)));
    given_source(tree);
  }
  Options how = options();
  how.io_threads = 8;
  const Pass pass = run_ok(how);
  std::map<std::string, std::size_t> done;
  std::size_t under_way = 0;
  std::size_t most = 0;
  for (const Action& action : pass.actions) {
    const std::size_t slash = action.path.find('/');
    if (slash == std::string::npos) continue;
    std::size_t& of_folder = done[action.path.substr(0, slash)];
    if (++of_folder == 1) most = std::max(most, ++under_way);
    if (of_folder == files) --under_way;
  }
  EXPECT_EQ(done.size(), folders);
  EXPECT_EQ(under_way, 0);
  // One for each thread that walks, and those whose last files are still being written: 10 to 14.
  EXPECT_LE(most, 24);
}

struct Workforce {
  unsigned threads;
  unsigned io_threads;
};

void PrintTo(const Workforce& workforce, std::ostream* out) {
  *out << workforce.threads << " and " << workforce.io_threads;
}

class MirrorWith : public TwoRoots, public testing::WithParamInterface<Workforce> {};

TEST_P(MirrorWith, gives_the_same_result) {
  Tree tree;
  for (std::size_t number = 0; number < 400; ++number) {
    const std::string name = std::to_string(number);
    tree.put(file(std::to_string(number % 20) + "/" + name, std::string(number * 7, 'a')));
  }
  tree.put(file("big", std::string(3 * chunk_bytes + 5, 'b')));
  given_source(tree);
  given_destination({file("3/3", "old"), file("3/33", "old"), folder("big")});
  Options how;
  how.threads = GetParam().threads;
  how.io_threads = GetParam().io_threads;
  expect_mirrored(tree, how);
}

INSTANTIATE_TEST_SUITE_P(Workers, MirrorWith,
                         testing::Values(Workforce{1, 1}, Workforce{1, 8}, Workforce{8, 1},
                                         Workforce{4, 16}),
                         [](const auto& each) {
                           return std::to_string(each.param.threads) + "_and_" +
                                  std::to_string(each.param.io_threads);
                         });

class MirrorOnDisk : public testing::TestWithParam<bool> {};

TEST_P(MirrorOnDisk, publishes_every_file) {
  // Memory needs no flush and so takes another way to the final name.
  const TemporaryFolder home("/var/tmp");
  Tree tree{file("big", std::string(chunk_bytes + 1, 'b'))};
  for (int number = 0; number < 2500; ++number) {
    tree.put(file(std::to_string(number % 30) + "/" + std::to_string(number), "small"));
  }
  make(tree, home / "source");
  make({file("big", "old"), file("0/0", "older"), file("1", "in the way")}, home / "destination");
  mirror_ok(home / "source", home / "destination", with(&Options::flush, GetParam()));
  EXPECT_TRUE(same(snapshot(home / "destination"), tree));
}

INSTANTIATE_TEST_SUITE_P(Flush, MirrorOnDisk, testing::Bool(),
                         [](const auto& each) { return each.param ? "flushed" : "not_flushed"; });

}  // namespace
}  // namespace syncline::test
