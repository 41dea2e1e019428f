// What is overwritten or deleted, kept: trees before, trees after.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/acl.h"
#include "support/descriptor.h"
#include "support/two_roots.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

class Backups : public TwoRoots {
 protected:
  [[nodiscard]] static Options kept_in(const std::string& folder, const std::string& suffix = {}) {
    Options options;
    options.backup = Backup{.folder = folder, .suffix = suffix};
    options.deletions = deletion::Unlimited{};
    return options;
  }
  static Options beside() { return kept_in({}, "~"); }
  [[nodiscard]] Options with_roots(Options how) const {
    how.source = source;
    how.destination = destination;
    how.free_at_first = true;
    return how;
  }
};

const std::string large(300'000, 'x');

// Of every kind that takes another's place, and what is deleted.
const Tree& before() {
  static const Tree tree{file("edited", "old"),
                         file("large", large),
                         symlink("link", "old"),
                         fifo("special"),
                         file("to link", "was a file"),
                         file("to folder", "was a file"),
                         folder("deep/er").mode(0750).mtime(5),
                         file("deep/er/gone", "gone").mode(0604).mtime(6),
                         symlink("deep/er/gone link", "gone"),
                         file("same", "same")};
  return tree;
}
const Tree& after() {
  static const Tree tree{file("edited", "new!"),
                         file("large", large + "and more"),
                         symlink("link", "new"),
                         file("special", "is a file now"),
                         symlink("to link", "same"),
                         folder("to folder"),
                         folder("deep"),
                         file("same", "same")};
  return tree;
}

/// With the names that backups have.
Tree kept(const std::string& suffix) {
  Tree tree;
  for (const char* path : {"edited", "large", "link", "special", "to link", "to folder",
                           "deep/er/gone", "deep/er/gone link"}) {
    if (!parent_of(path).empty() && !tree.contains(parent_of(path)))
      tree.put(before().at(parent_of(path)));
    Entry entry = before().at(path);
    entry.path += suffix;
    tree.put(std::move(entry));
  }
  return tree;
}

/// All but the mtimes of folders, which move with what is put there.
Tree without_folder_times(Tree tree) {
  const std::map<std::string, Entry> entries = tree.entries();
  for (const auto& [path, entry] : entries)
    if (entry.kind == Kind::folder) tree.put(Entry(entry).mtime(0));
  return tree;
}

TEST_F(Backups, lie_in_a_tree_of_their_own_within_the_destination) {
  given_source(after());
  given_destination(before());
  mirror_ok(source, destination, kept_in("old/yesterday"));
  EXPECT_TRUE(same(without_folder_times(snapshot(destination + "/old/yesterday")),
                   without_folder_times(kept(""))));
  // The next pass neither mirrors nor deletes them.
  const Pass again = mirror_ok(source, destination, kept_in("old/yesterday"));
  EXPECT_FALSE(again.summary.changed_anything());
  remove(destination, "old");
  mirror_ok(source, destination);
  EXPECT_TRUE(same(snapshot(destination), after()));
}

TEST_F(Backups, lie_in_a_tree_elsewhere) {
  given_source(after());
  given_destination(before());
  mirror_ok(source, destination, kept_in(home / "old", ".bak"));
  EXPECT_TRUE(same(snapshot(destination), after()));
  EXPECT_TRUE(
      same(without_folder_times(snapshot(home / "old")), without_folder_times(kept(".bak"))));
}

TEST_F(Backups, lie_beside_and_are_protected_there) {
  given_source(after());
  given_destination(before());
  mirror_ok(source, destination, beside());
  Tree expected = after();
  const Tree backups = kept("~");
  for (const auto& [path, entry] : backups.entries())
    if (entry.kind != Kind::folder) expected.put(entry);
  EXPECT_TRUE(same(without_folder_times(snapshot(destination)), without_folder_times([&] {
                     expected.put(before().at("deep/er"));
                     return expected;
                   }())));
  const Pass again = run_pass([&] {
    Options options = beside();
    options.source = source;
    options.destination = destination;
    return options;
  }());
  EXPECT_EQ(again.status(), Status::done);
  EXPECT_EQ(again.paths(Verb::remove), Strings{});
  EXPECT_TRUE(exists(destination, "edited~"));
}

TEST_F(Backups, beside_never_take_the_place_of_what_is_mirrored) {
  const Tree tree{file("a", "new"), file("a~", "mirrored"), file("b~", "mirrored")};
  given_source(tree);
  given_destination(
      {file("a", "old"), file("a~", "mirrored"), file("b", "gone"), file("b~", "mirrored")});
  const Tree before = snapshot(destination);
  Options how = beside();
  how.source = source;
  how.destination = destination;
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.failures.size(), 2U);
  EXPECT_TRUE(same(snapshot(destination), before));
}

// Where the rest comes after the walk, folders are met anew.
TEST_F(Backups, beside_take_no_mirrored_place_in_a_folder_that_is_met_after_the_walk_either) {
  given_source({file("d/b~", "mirrored"), file("d/x", "new!"), hard_link("d/y", "d/x"),
                file("d/x~", "mirrored"), file("d/y~", "mirrored")});
  given_destination({file("d/b", "gone"), file("d/b~", "mirrored"), file("d/x", "old"),
                     hard_link("d/y", "d/x"), file("d/x~", "mirrored"), file("d/y~", "mirrored")});
  Options how = beside();
  how.source = source;
  how.destination = destination;
  how.deletions = deletion::Unlimited{};
  EXPECT_EQ(run_pass(how).status(), Status::some_failed);
  const Tree found = snapshot(destination);
  EXPECT_EQ(found.at("d/b").content, "gone");
  for (const char* path : {"d/b~", "d/x~", "d/y~"})
    EXPECT_EQ(found.at(path).content, "mirrored") << path;
}

TEST_F(Backups, of_an_earlier_pass_give_way) {
  given_source({file("file", "three")});
  given_destination({file("file", "two"), file("old/file", "one")});
  mirror_ok(source, destination, kept_in("old"));
  EXPECT_TRUE(same(
      snapshot(destination + "/old"),
      Tree{file("file", "two"), folder("").mtime(snapshot(destination + "/old").at("").modified)}));
  EXPECT_EQ(temporaries_in(destination), Strings{});
}

// A crash between the two names leaves one inode under both: the same backup is made again.
TEST_F(Backups, that_are_there_already_do_no_harm) {
  given_source({file("file", "new")});
  given_destination({file("file", "old!")});
  std::filesystem::create_directory(destination + "/old");
  std::filesystem::create_hard_link(destination + "/file", destination + "/old/file");
  mirror_ok(source, destination, kept_in("old"));
  EXPECT_EQ(snapshot(destination).at("file").content, "new");
  EXPECT_EQ(snapshot(destination).at("old/file").content, "old!");
  EXPECT_EQ(temporaries_in(destination), Strings{});
}

/// Looks at a file and its backup before each call that could tear them apart, where a kill or a
/// power cut would find them.
class Onlooker : public filesystem::syscalls::Hook {
 public:
  Onlooker(std::string file, std::string backup)
      : file_(std::move(file)), backup_(std::move(backup)) {
    filesystem::syscalls::install(this);
  }
  ~Onlooker() override { filesystem::syscalls::install(nullptr); }
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;

  int before(filesystem::syscalls::Call call) override {
    using filesystem::syscalls::Call;
    if (call == Call::link && refuses_links) return EPERM;
    if (call != Call::rename && call != Call::link && call != Call::unlink) return 0;
    ++looks;
    const std::string now = content_of(file_);
    const std::string kept = content_of(backup_);
    EXPECT_TRUE(now == "old" || kept == "old") << now << ", " << kept;
    EXPECT_TRUE(now == "old" || now == "new!" || refuses_links) << now;
    return 0;
  }

  std::atomic<int> looks{0};
  bool refuses_links = false;

 private:
  static std::string content_of(const std::string& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const std::string file_;
  const std::string backup_;
};

TEST_F(Backups, are_there_before_a_name_changes_hands) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old")});
  make({file("file", "older")}, home / "old");
  {
    Onlooker onlooker{destination + "/file", home / "old/file"};
    mirror_ok(source, destination, kept_in(home / "old"));
    EXPECT_GT(onlooker.looks, 2);
  }
  EXPECT_EQ(snapshot(home / "old").at("file").content, "old");
}

TEST_F(Backups, are_moved_where_nothing_can_be_linked) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old")});
  {
    Onlooker onlooker{destination + "/file", home / "old/file"};
    onlooker.refuses_links = true;
    mirror_ok(source, destination, kept_in(home / "old"));
  }
  EXPECT_EQ(snapshot(home / "old").at("file").content, "old");
  EXPECT_EQ(snapshot(destination).at("file").content, "new!");
}

/// What is told of older backups that gave way.
std::size_t told_aside(const Pass& pass) {
  return static_cast<std::size_t>(std::ranges::count_if(pass.notices, [](const Notice& notice) {
    return notice.code == NoticeCode::backup_renamed;
  }));
}

TEST_F(Backups, take_the_places_of_folders_which_are_moved_aside) {
  given_source({file("file", "new!"), file("kept")});
  given_destination({file("file", "old"), file("gone", "gone"), file("kept")});
  make({file("file/x", "x"), file("file~"), file("gone/x", "y")}, home / "old");
  const Pass pass = mirror_ok(source, destination, kept_in("../old"));
  EXPECT_EQ(told_aside(pass), 2U);
  for (const Notice& notice : pass.notices)
    EXPECT_TRUE(notice.name.starts_with("../old/" + notice.path + "~")) << notice.name;
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  const Tree old = snapshot(home / "old");
  EXPECT_EQ(old.at("file").content, "old");
  EXPECT_EQ(old.at("file~~/x").content, "x");
  EXPECT_EQ(old.at("gone").content, "gone");
  EXPECT_EQ(old.at("gone~/x").content, "y");
  EXPECT_EQ(temporaries_in(home.path()), Strings{});
}

TEST_F(Backups, make_folders_where_files_were_which_are_moved_aside) {
  given_source({file("a/b/file", "new!"), file("a/b/other", "new!")});
  given_destination({file("a/b/file", "old"), file("a/b/other", "old"), file("a/b/gone", "gone")});
  make({file("a", "older")}, home / "old");
  const Pass pass = mirror_ok(source, destination, kept_in(home / "old"));
  EXPECT_EQ(told_aside(pass), 1U);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  const Tree old = snapshot(home / "old");
  EXPECT_EQ(old.at("a~").content, "older");
  for (const char* path : {"a/b/file", "a/b/other"}) EXPECT_EQ(old.at(path).content, "old");
  EXPECT_EQ(old.at("a/b/gone").content, "gone");
}

TEST_F(Backups, beside_move_a_folder_aside_that_stays_protected) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old"), file("file~/x", "x")});
  const Pass pass = mirror_ok(source, destination, beside());
  EXPECT_EQ(told_aside(pass), 1U);
  mirror_ok(source, destination, beside());
  const Tree left = snapshot(destination);
  EXPECT_EQ(left.at("file").content, "new!");
  EXPECT_EQ(left.at("file~").content, "old");
  EXPECT_EQ(left.at("file~~/x").content, "x");
}

TEST_F(Backups, that_cannot_be_made_leave_the_file_as_it_is) {
  given_source({file("file", "new!"), file("kept")});
  given_destination({file("file", "old"), file("gone"), file("kept")});
  make({folder("")}, home / "old");
  Options options = kept_in(home / "old");
  options.source = source;
  options.destination = destination;
  /// Nothing can be linked to or moved into another folder.
  class Refusal : public filesystem::syscalls::Hook {
   public:
    Refusal() { filesystem::syscalls::install(this); }
    ~Refusal() override { filesystem::syscalls::install(nullptr); }
    Refusal(const Refusal&) = delete;
    Refusal& operator=(const Refusal&) = delete;
    int before(filesystem::syscalls::Call call) override {
      using filesystem::syscalls::Call;
      return call == Call::link || call == Call::rename ? EDQUOT : 0;
    }
  };
  const Pass done = [&] {
    const Refusal refusal;
    return run_pass(options);
  }();
  EXPECT_EQ(done.status(), Status::some_failed);
  EXPECT_EQ(done.failures.size(), 2U);
  for (const Failure& failure : done.failures)
    EXPECT_EQ(failure.operation,
              "keep a backup of it as '" + (home / ("old/" + failure.path)) + '\'');
  EXPECT_EQ(snapshot(destination).at("file").content, "old");
  EXPECT_TRUE(exists(destination, "gone"));
  EXPECT_EQ(temporaries_in(home.path()), Strings{});
}

TEST_F(Backups, beside_are_deleted_where_a_rule_puts_them_at_risk) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old"), file("stale~"), file("safe~"), file("folder/stale~")});
  Options options = beside();
  options.filters = {
      {.pattern = "stale~", .includes = true, .sides = FilterRule::Sides::destination}};
  mirror_ok(source, destination, options);
  EXPECT_FALSE(exists(destination, "stale~"));
  EXPECT_FALSE(exists(destination, "stale~~"));
  EXPECT_FALSE(exists(destination, "folder"));
  EXPECT_TRUE(exists(destination, "safe~"));
  EXPECT_TRUE(exists(destination, "file~"));
}

// A default list withholds what it withholds, the umask notwithstanding.
TEST_F(Backups, lie_in_a_folder_that_is_made_as_mkdir_makes_it) {
  const Entry shared = folder("").mode(0750).default_acl({});
  if (!can_make(Entry(shared), home.path())) GTEST_SKIP() << "no access control lists here";
  given_source({file("file", "new!")});
  given_destination({Entry(shared), file("file", "old")});
  Options how = kept_in("old");
  how.metadata.mode = false;
  mirror_ok(source, destination, how);
  EXPECT_EQ(snapshot(destination).at("old").mode_bits, 0750U);
}

TEST_F(Backups, have_suffixes_that_are_no_patterns) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old"), file("gone"), file("kept.[a]*")});
  Options options = kept_in({}, ".[a]*");
  mirror_ok(source, destination, options);
  mirror_ok(source, destination, options);
  EXPECT_EQ(snapshot(destination).at("file.[a]*").content, "old");
  EXPECT_TRUE(exists(destination, "gone.[a]*"));
  EXPECT_TRUE(exists(destination, "kept.[a]*"));
}

TEST_F(Backups, may_lie_by_a_path_that_leads_out_of_the_destination) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old")});
  mirror_ok(source, destination, kept_in("../old"));
  EXPECT_EQ(snapshot(home / "old").at("file").content, "old");
  overwrite_unseen(source, "file", "more");
  mirror_ok(source, destination, kept_in("./../destination/.//inside"));
  EXPECT_EQ(snapshot(destination).at("inside/file").content, "new!");
  EXPECT_FALSE(mirror_ok(source, destination, kept_in("./inside")).summary.changed_anything());
}

TEST_F(Backups, are_not_put_through_symlinks_which_are_moved_aside) {
  given_source({file("folder/file", "new!")});
  given_destination({file("folder/file", "old")});
  make({folder("outside")}, home / "elsewhere");
  make({symlink("folder", "../elsewhere/outside")}, home / "old");
  const Pass pass = mirror_ok(source, destination, kept_in(home / "old"));
  EXPECT_EQ(told_aside(pass), 1U);
  EXPECT_EQ(snapshot(home / "elsewhere").size(), 2U);
  const Tree old = snapshot(home / "old");
  EXPECT_EQ(old.at("folder~").content, "../elsewhere/outside");
  EXPECT_EQ(old.at("folder/file").content, "old");
}

TEST_F(Backups, of_what_a_folder_took_the_place_of_do_not_bar_those_of_what_is_in_it) {
  given_source({file("a", "was a file"), symlink("b", "nowhere"), fifo("c")});
  const Options how = kept_in("../old");
  mirror_ok(source, destination, how);
  for (const char* name : {"a", "b", "c"}) remove(source, name);
  make({file("a/x", "1"), file("a/y", "1"), file("b/x", "1"), file("b/y", "1"), file("c/x", "1"),
        file("c/y", "1")},
       source);
  mirror_ok(source, destination, how);
  for (const char* path : {"a/x", "b/x", "c/x"}) {
    remove(source, path);
    put(file(path, "2"), source);
  }
  for (const char* path : {"a/y", "b/y", "c/y"}) remove(source, path);
  EXPECT_EQ(told_aside(mirror_ok(source, destination, how)), 3U);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  const Tree old = snapshot(home / "old");
  for (const char* path : {"a/x", "a/y", "b/x", "b/y", "c/x", "c/y"})
    EXPECT_EQ(old.at(path).content, "1") << path;
  EXPECT_EQ(old.at("a~").content, "was a file");
  EXPECT_EQ(old.at("b~").content, "nowhere");
  EXPECT_EQ(old.at("c~").kind, Kind::fifo);
}

TEST_F(Backups, need_a_folder_that_does_no_harm) {
  given_source({file("file"), folder("inside")});
  given_destination({file("file")});
  const auto refused = [&](const std::string& folder) {
    Options options = kept_in(folder);
    options.source = source;
    options.destination = destination;
    return refusal(options);
  };
  EXPECT_EQ(refused(source), Status::root_unusable);
  EXPECT_EQ(refused(source + "/inside"), Status::root_unusable);
  std::filesystem::create_directories(home / "other/destination");
  EXPECT_EQ(refusal([&] {
              Options options = kept_in(home.path());
              options.source = source;
              options.destination = home / "other/destination";
              return options;
            }()),
            Status::root_unusable);
  EXPECT_EQ(refused(source + "/new"), Status::root_unusable);
  EXPECT_EQ(refused(destination), Status::root_unusable);
  EXPECT_EQ(refused(home.path()), Status::root_unusable);
  EXPECT_EQ(refused("file"), Status::root_unusable);
  EXPECT_EQ(refused("/proc"), Status::root_unusable);
  EXPECT_EQ(refused("/proc/new"), Status::root_unusable);
  EXPECT_EQ(refused(home / "missing/too"), Status::root_unusable);
  EXPECT_FALSE(exists(source, "new"));
  // Named by its whole path, it still is within the destination.
  EXPECT_EQ(refused(destination + "/old"), std::nullopt);
  EXPECT_EQ(refused(destination + "/old"), std::nullopt);
  EXPECT_TRUE(exists(destination, "old"));
}

TEST_F(Backups, are_not_made_in_a_dry_run) {
  given_source({file("file", "new!")});
  given_destination({file("file", "old"), file("gone")});
  const Stamps stamped = stamps(destination);
  Options options = kept_in("old");
  options.dry_run = true;
  mirror_ok(source, destination, options);
  EXPECT_TRUE(untouched(stamped, stamps(destination)));
}

TEST_F(Backups, are_made_of_what_would_be_changed_in_place) {
  given_source({file("file", large + "new")});
  given_destination({file("file", large)});
  Options options = kept_in(home / "old");
  options.in_place = true;
  mirror_ok(source, destination, options);
  EXPECT_EQ(snapshot(home / "old").at("file").content, large);
}

TEST_F(Backups, of_linked_names_are_made_too) {
  given_source({file("a", "new!"), hard_link("b", "a"), hard_link("c", "a")});
  given_destination({file("a", "1"), file("b", "2"), file("c", "3")});
  mirror_ok(source, destination, kept_in(home / "old"));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  const Tree old = snapshot(home / "old");
  EXPECT_EQ(old.at("a").content + old.at("b").content + old.at("c").content, "123");
}

TEST_F(Backups, take_in_what_was_in_a_folder_that_gives_way) {
  given_source({file("name", "text")});
  given_destination({file("name/inside", "kept")});
  mirror_ok(source, destination, kept_in(home / "old"));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_EQ(snapshot(home / "old").at("name/inside").content, "kept");
}

TEST_F(Backups, beside_keep_a_folder_from_giving_way) {
  given_source({file("name", "text")});
  given_destination({file("name/inside", "kept")});
  Options options = beside();
  options.source = source;
  options.destination = destination;
  EXPECT_EQ(run_pass(options).status(), Status::some_failed);
  EXPECT_TRUE(exists(destination, "name/inside"));
}

/// Backups of programs that run as somebody else, and the folder of all.
class BackupsApart : public Backups {
 protected:
  static std::uint32_t mode_of(const std::string& path) {
    struct stat status {};
    checked(::stat(path.c_str(), &status), path);
    return status.st_mode & 07777U;
  }
  const std::string backups = home / "backups";
};

TEST_F(BackupsApart, have_the_destinations_mode_whatever_the_umask) {
  for (const mode_t mask : {0077U, 0000U}) {
    for (const std::uint32_t mode : {0750U, 0711U, 0700U}) {
      given_source({file("kept", "new")});
      given_destination({file("kept", "old")});
      set_mode(home.path(), "source", mode);
      set_mode(home.path(), "destination", mode);
      const mode_t before = ::umask(mask);
      run_ok(with_roots(kept_in(backups)));
      run_ok(with_roots(kept_in("in/side")));
      ::umask(before);
      EXPECT_EQ(mode_of(backups), mode);
      std::filesystem::remove_all(backups);
      std::filesystem::remove_all(source);
      std::filesystem::remove_all(destination);
    }
  }
}

TEST_F(BackupsApart, are_seen_by_nobody_whom_the_list_of_their_parent_names) {
  given_source({file("kept", "new")});
  given_destination({file("kept", "old")});
  make({}, home / "parent");
  set_mode(home.path(), "source", 0750);
  set_attribute(home.path(), "parent", default_acl_name, acl({user_entry(64999, 7)}, 0777));
  run_ok(with_roots(kept_in(home / "parent/backups")));
  EXPECT_EQ(::getxattr((home / "parent/backups").c_str(), access_acl_name, nullptr, 0), -1);
  EXPECT_EQ(mode_of(home / "parent/backups"), 0750U);
}

TEST_F(BackupsApart, that_are_more_open_than_the_destination_are_refused) {
  given_source({file("kept", "new")});
  given_destination({file("kept", "old")});
  make({}, backups);
  set_mode(home.path(), "backups", 0777);
  EXPECT_EQ(refusal(with_roots(kept_in(backups))), Status::root_unusable);
  set_mode(home.path(), "destination", 0777);
  set_mode(home.path(), "source", 0777);
  run_ok(with_roots(kept_in(backups)));
}

TEST_F(BackupsApart, run_as_nobody_else) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string able(
      "\x01\x00\x00\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20);
  for (const Options& how : {kept_in(backups), beside()}) {
    const std::string in = how.backup->folder.empty() ? destination : backups;
    const std::string end = how.backup->suffix;
    given_source({file("replaced", "a new one").mode(04755), file("same", "same")});
    given_destination({file("replaced", "holed").mode(04755), file("group's", "holed").mode(02755),
                       file("removed", "holed").mode(06755), file("able", "holed").mode(0755),
                       file("same", "same")});
    set_attribute(destination, "able", "security.capability", able);
    run_ok(with_roots(how));
    for (const char* const name : {"replaced", "group's", "removed", "able"})
      EXPECT_EQ(mode_of(in + '/' + name + end), 0755U) << name;
    EXPECT_EQ(::getxattr((in + "/able" + end).c_str(), "security.capability", nullptr, 0), -1);
    EXPECT_EQ(mode_of(destination + "/replaced"), 04755U);
    std::filesystem::remove_all(source);
    std::filesystem::remove_all(destination);
  }
}

TEST_F(BackupsApart, that_share_a_file_with_another_name_leave_it_as_it_is) {
  given_source({file("replaced", "a new one").mode(04755)});
  given_destination({file("replaced", "holed").mode(04755)});
  ASSERT_EQ(::link((destination + "/replaced").c_str(), (home / "elsewhere").c_str()), 0);
  const Pass pass = run_ok(with_roots(kept_in(backups)));
  EXPECT_EQ(mode_of(home / "elsewhere"), 04755U);
  EXPECT_TRUE(std::ranges::any_of(pass.notices, [](const Notice& notice) {
    return notice.path == "replaced" && notice.code == NoticeCode::backup_armed;
  }));
}

}  // namespace
}  // namespace syncline::test
