// Names of one inode: joined and parted as in the source, copied only where their bytes changed,
// and recognised where they could not be joined. SYNCLINE_SEED repeats a random run.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/bent_kernel.h"
#include "support/mounted_image.h"
#include "support/process.h"
#include "support/random_tree.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

std::uint64_t inode_of(const std::string& path) {
  return status_of(path).st_ino;
}

/// As ln does, in place of what is there.
void join_names(const std::string& root, const std::string& to, const std::string& name) {
  if (exists(root, name)) remove(root, name);
  ASSERT_EQ(::link((root + '/' + to).c_str(), (root + '/' + name).c_str()), 0) << name;
}

std::string described(const Pass& pass) {
  std::string text;
  for (const Action& action : pass.actions)
    text += std::string(to_string(action.verb)) + ' ' + action.path + ": " +
            to_string(action.reason.code) + '\n';
  for (const Unkept& unkept : pass.summary.unkept)
    text += std::string(to_string(unkept.aspect)) + " not kept: " + unkept.example + '\n';
  return text;
}

/// Files whose bytes were written.
Strings copied(const Pass& pass) {
  Strings paths;
  for (const Action& action : pass.actions)
    if (action.kind == Kind::file && action.link_of.empty() &&
        (action.verb == Verb::create || action.verb == Verb::update ||
         action.verb == Verb::replace))
      paths.push_back(action.path);
  return paths;
}

class HardLinks : public TwoRoots {
 protected:
  void SetUp() override {
    for (const std::string& root : {source, destination}) make({}, root);
    how = options();
    how.deletions = deletion::Unlimited{};
    how.index = index_place::File{home / "index"};
    unindexed = how;
    unindexed.index = index_place::None{};
  }

  Pass mirrored(const Options& with) const {
    let_age(source);
    let_age(destination);
    Pass pass = run_pass(with);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    return pass;
  }

  /// A pass does nothing, and its dry run says so.
  void expect_settled(const Options& with, bool reads = false) const {
    Options dry = with;
    dry.dry_run = true;
    const Stamps before = stamps(destination);
    const Pass told = run_pass(dry);
    EXPECT_EQ(described(told), "");
    const Pass pass = run_pass(with);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(described(pass), "");
    if (!reads) {
      EXPECT_EQ(pass.summary.bytes_read, 0U);
    }
    EXPECT_TRUE(untouched(before, stamps(destination)));
  }

  Options how;
  Options unindexed;
};

TEST_F(HardLinks, a_name_that_the_index_does_not_know_is_recognised) {
  given_source({file("z/f", std::string(300'000, 'f')), hard_link("z/g", "z/f")});
  mirrored(how);
  join_names(source, "z/f", "a");
  mirrored(unindexed);
  const std::uint64_t inode = inode_of(destination + "/a");
  const Pass pass = mirrored(how);
  EXPECT_EQ(described(pass), "");
  EXPECT_EQ(inode_of(destination + "/a"), inode);
  expect_settled(how);
}

TEST_F(HardLinks, a_new_name_is_a_link_wherever_it_is_met) {
  given_source({file("b/f", std::string(300'000, 'f')), hard_link("b/g", "b/f")});
  mirrored(how);
  const std::uint64_t inode = inode_of(destination + "/b/f");
  for (const Options& with : {how, unindexed})
    for (const char* name : {"a", "b/a", "c", "b/z"}) {
      SCOPED_TRACE(name);
      join_names(source, "b/f", name);
      let_age(source);
      Options dry = with;
      dry.dry_run = true;
      const Pass told = run_pass(dry);
      const Pass pass = mirrored(with);
      for (const Pass* each : {&told, &pass}) {
        ASSERT_NE(each->action_at(name), nullptr) << described(*each);
        EXPECT_EQ(each->paths(Verb::create), Strings{name});
        EXPECT_FALSE(each->action_at(name)->link_of.empty());
      }
      EXPECT_EQ(pass.summary.bytes_written, 0U);
      EXPECT_EQ(inode_of(destination + '/' + name), inode);
      expect_settled(with, with.index.index() != how.index.index());
      remove(source, name);
      mirrored(how);
    }
}

TEST_F(HardLinks, a_name_that_became_another_file_takes_nothing_from_its_former_ones) {
  given_source({file("a", std::string(5000, '1')), hard_link("b", "a"), hard_link("c", "a"),
                file("d", std::string(5000, '2')), hard_link("e", "d")});
  mirrored(how);
  const std::uint64_t one = inode_of(destination + "/b");
  const std::uint64_t two = inode_of(destination + "/d");
  for (const Options& with : {how, unindexed}) {
    // Written anew, met before the names that it left.
    remove(source, "a");
    put(file("a", std::string(5001, '3')), source);
    set_mtime(source, "", default_mtime_ns);
    EXPECT_EQ(copied(mirrored(with)), Strings{"a"});
    EXPECT_EQ(inode_of(destination + "/c"), one);
    // A name of the other file, and back.
    join_names(source, "d", "a");
    EXPECT_EQ(copied(mirrored(with)), Strings{});
    join_names(source, "b", "a");
    EXPECT_EQ(copied(mirrored(with)), Strings{});
    EXPECT_EQ(inode_of(destination + "/a"), one);
    EXPECT_EQ(inode_of(destination + "/e"), two);
    expect_settled(with, with.index.index() != how.index.index());
  }
}

TEST_F(HardLinks, groups_are_as_in_the_source_however_the_destination_has_them) {
  const Tree tree{file("a", "1234"), hard_link("b", "a"), file("c", "1234"),   hard_link("d", "c"),
                  file("e", "1234"), symlink("l", "x"),   hard_link("m", "l"), symlink("n", "x"),
                  fifo("p"),         hard_link("q", "p"), file("r", "1234"),   hard_link("s", "r")};
  for (const Options& with : {how, unindexed}) {
    std::filesystem::remove_all(source);
    given_source(tree);
    given_destination({file("a", "1234"), hard_link("c", "a"), hard_link("e", "a"),
                       file("b", "1234"), hard_link("d", "b"), symlink("l", "x"), symlink("m", "x"),
                       hard_link("n", "m"), fifo("p"), fifo("q"), file("r", "1234"),
                       file("s", "1234")});
    let_age(destination);
    const Pass pass = mirrored(with);
    EXPECT_LE(copied(pass).size(), 2U) << described(pass);
    expect_settled(with, true);
    std::filesystem::remove_all(destination);
    std::filesystem::remove(home / "index");
  }
}

TEST_F(HardLinks, metadata_of_a_file_whose_names_are_all_mirrored_is_set_on_it) {
  given_source({file("a", "one"), hard_link("b", "a"), file("c", "two"), hard_link("d", "c")});
  mirrored(how);
  const std::uint64_t inode = inode_of(destination + "/a");
  ASSERT_EQ(::link((destination + "/c").c_str(), (home / "outside").c_str()), 0);
  for (const char* path : {"a", "c"}) set_mode(source, path, 0666);
  const Pass pass = mirrored(how);
  EXPECT_EQ(copied(pass), Strings{"c"}) << "it has a name outside";
  EXPECT_EQ(inode_of(destination + "/a"), inode);
  EXPECT_EQ(status_of(home / "outside").st_mode & 07777U, 0644U);
  expect_settled(how);
}

TEST_F(HardLinks, metadata_of_a_large_file_whose_names_are_all_mirrored_is_set_on_it) {
  const std::string large(300'000, 'l');
  for (const Options& with : {how, unindexed}) {
    for (const std::string& root : {source, destination}) {
      std::filesystem::remove_all(root);
      make({file("a", large), hard_link("b", "a"), file("c", large + 'c'), hard_link("d", "c")},
           root);
    }
    std::filesystem::remove(home / "outside");
    ASSERT_EQ(::link((destination + "/c").c_str(), (home / "outside").c_str()), 0);
    for (const char* path : {"a", "c"}) set_mode(source, path, 0666);
    const std::uint64_t inode = inode_of(destination + "/a");
    EXPECT_EQ(copied(run_ok(with)), Strings{"c"}) << "it has a name outside";
    EXPECT_EQ(inode_of(destination + "/a"), inode);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

TEST_F(HardLinks, of_a_large_file_are_replaced_where_others_are_changed_in_place) {
  std::string content(20U << 20U, 'l');
  given_source({file("large", content), hard_link("second", "large")});
  how.in_place = true;
  mirrored(how);
  content[9U << 20U] = 'L';
  overwrite_unseen(source, "large", content);
  set_mtime(source, "large", default_mtime_ns + 1);
  mirrored(how);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  expect_settled(how);
}

TEST_F(HardLinks, deletions_lists_and_backups_go_with_them) {
  given_source({file("a/f", "one"), hard_link("b/f", "a/f"), hard_link("c/f", "a/f"),
                file("c/g", "two"), hard_link("a/g", "c/g")});
  mirrored(how);
  remove(source, "a/f");
  join_names(source, "b/f", "0");
  Options first = how;
  first.delete_before = true;
  EXPECT_EQ(copied(mirrored(first)), Strings{});
  Options with_backup = how;
  with_backup.backup = Backup{.folder = {}, .suffix = "~"};
  remove(source, "c/g");
  put(file("c/g", "newer"), source);
  const Pass pass = run_pass(with_backup);
  EXPECT_EQ(copied(pass), Strings{"c/g"});
  EXPECT_EQ(pass.status(), Status::done);
  const std::string kept = destination + "/c/g~";
  EXPECT_EQ(status_of(kept).st_size, 3);
}

// To take a name from an inode moves its ctime, which the index has of the other names.
TEST_F(HardLinks, what_is_left_of_a_group_is_not_read_for_that) {
  given_source({file("a/f", "one"), hard_link("b/f", "a/f"), hard_link("c/f", "a/f"),
                file("a/g", "two"), hard_link("b/g", "a/g"), file("h", "else")});
  mirrored(how);
  remove(source, "b");
  join_names(source, "h", "c/f");
  mirrored(how);
  expect_settled(how);
  remove(source, "c/f");
  mirrored(how);
  expect_settled(how);
}

/// A kernel that refuses some calls.
class Refusing : public filesystem::syscalls::Hook {
 public:
  Refusing(filesystem::syscalls::Call call, int error_number)
      : call_(call), error_number_(error_number) {
    filesystem::syscalls::install(this);
  }
  Refusing(const Refusing&) = delete;
  Refusing& operator=(const Refusing&) = delete;
  ~Refusing() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (call != call_) return 0;
    ++asked_;
    return error_number_;
  }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  const filesystem::syscalls::Call call_;
  const int error_number_;
  std::atomic<int> asked_{0};
};

Strings unkept_in(const Pass& pass) {
  Strings all;
  for (const Unkept& each : pass.summary.unkept)
    all.push_back(std::to_string(each.entries) + ' ' + to_string(each.aspect));
  return all;
}

Strings failed_in(const Pass& pass) {
  Strings paths;
  for (const Failure& failure : pass.failures) paths.push_back(failure.path);
  std::ranges::sort(paths);
  return paths;
}

class RefusedLinks : public HardLinks, public testing::WithParamInterface<int> {};

TEST_P(RefusedLinks, are_copies_that_no_later_pass_makes_again) {
  given_source({file("a", std::string(3000, 'a')), hard_link("f/b", "a"), hard_link("f/c", "a"),
                symlink("l", "x"), hard_link("f/l", "l"), fifo("p"), hard_link("f/p", "p")});
  let_age(source);
  // What is read back is not given its name by a link.
  how.verify = true;
  unindexed.verify = true;
  for (const Options& with : {how, unindexed}) {
    const Refusing kernel{filesystem::syscalls::Call::link, GetParam()};
    const Pass first = run_pass(with);
    EXPECT_EQ(first.status(), Status::done);
    EXPECT_EQ(unkept_in(first), Strings{"4 hard links"});
    // Once for each inode and folder; what would be a second group finds out by itself.
    EXPECT_EQ(kernel.asked(), GetParam() == EXDEV || GetParam() == EMLINK ? 4 : 3);
    for (int round = 0; round < 2; ++round) {
      const Stamps before = stamps(destination);
      const int asked = kernel.asked();
      const Pass pass = run_pass(with);
      EXPECT_EQ(pass.status(), Status::done);
      EXPECT_TRUE(pass.actions.empty()) << described(pass);
      EXPECT_EQ(unkept_in(pass), Strings{"4 hard links"});
      EXPECT_TRUE(untouched(before, stamps(destination)));
      if (with.index.index() == how.index.index()) {
        EXPECT_EQ(pass.summary.bytes_read, 0U);
        EXPECT_EQ(kernel.asked(), asked);
      }
      EXPECT_EQ(temporaries_in(destination), Strings{});
    }
    // What changes arrives at each.
    overwrite_unseen(source, "a", std::string(3000, 'b'));
    set_mtime(source, "a", default_mtime_ns + 5);
    let_age(source);
    EXPECT_EQ(run_pass(with).status(), Status::done);
    for (const char* path : {"/a", "/f/b", "/f/c"})
      EXPECT_EQ(status_of(destination + path).st_mtim.tv_nsec, (default_mtime_ns + 5) % 1000000000);
    overwrite_unseen(source, "a", std::string(3000, 'a'));
    set_mtime(source, "a", default_mtime_ns);
    std::filesystem::remove_all(destination);
  }
}

INSTANTIATE_TEST_SUITE_P(Answers, RefusedLinks, testing::Values(EPERM, EOPNOTSUPP, EXDEV, EMLINK));

struct Change {
  const char* name;
  std::function<void(const std::string& source, const std::string& destination)> make;
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << change.name;
}

// By an inode of its own that is the same in all else.
void replace_by_another(const std::string& root, const std::string& path) {
  Entry other = snapshot(root).at(path);
  other.linked_to.clear();
  rename(root, path, "old");
  put(other, root);
  remove(root, "old");
}

// Of names of a symlink and of a fifo that could not be links.
class ChangedApart : public HardLinks, public testing::WithParamInterface<Change> {};

TEST_P(ChangedApart, are_tried_anew_once_and_left_alone_after_it) {
  for (const char* root : {"l", "p"}) {
    SCOPED_TRACE(root);
    const Entry first = *root == 'l' ? symlink("f/a", "x") : fifo("f/a");
    for (const std::string& place : {source, destination}) {
      std::filesystem::remove_all(place);
      make({}, place);
    }
    std::filesystem::remove(home / "index");
    given_source({Entry(first), hard_link("f/b", "f/a"), hard_link("g/c", "f/a")});
    {
      const Refusing kernel{filesystem::syscalls::Call::link, EPERM};
      EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
      int asked = kernel.asked();
      run_pass(how);
      EXPECT_EQ(kernel.asked(), asked);
      GetParam().make(source, destination);
      EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
      EXPECT_GT(kernel.asked(), asked);
      asked = kernel.asked();
      EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
      EXPECT_EQ(kernel.asked(), asked);
      GetParam().make(source, destination);
    }
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_NE(described(pass), "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Either, ChangedApart,
    testing::Values(Change{"destination_is_another",
                           [](const std::string& /*source*/, const std::string& destination) {
                             replace_by_another(destination, "g/c");
                           }},
                    Change{"second_of_a_folder_is_another",
                           [](const std::string& /*source*/, const std::string& destination) {
                             replace_by_another(destination, "f/b");
                           }},
                    Change{"destination_has_other_metadata",
                           [](const std::string& /*source*/, const std::string& destination) {
                             set_mtime(destination, "f/b", default_mtime_ns + 7);
                           }},
                    Change{"source_has_other_metadata",
                           [](const std::string& source, const std::string& /*destination*/) {
                             set_mtime(source, "f/b", default_mtime_ns + 7);
                           }}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(HardLinks, that_could_not_be_made_take_nothing_from_other_files) {
  given_source({symlink("a", "x"), hard_link("b", "a"), symlink("c", "x"), fifo("k"),
                hard_link("l", "k"), fifo("m")});
  const Refusing kernel{filesystem::syscalls::Call::link, EPERM};
  EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
  join_names(destination, "b", "c");
  join_names(destination, "l", "m");
  EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
  EXPECT_NE(inode_of(destination + "/b"), inode_of(destination + "/c"));
  EXPECT_NE(inode_of(destination + "/l"), inode_of(destination + "/m"));
}

// As FUSE and SMB may have them.
TEST_F(HardLinks, that_could_not_be_made_are_not_tried_anew_where_inode_numbers_move) {
  struct Kernel : BentKernel {
    std::atomic<int> asked{0};

    int before(filesystem::syscalls::Call call) override {
      if (call == filesystem::syscalls::Call::link) ++asked;
      return BentKernel::before(call);
    }
  } kernel;
  kernel.pretend_type(MSDOS_SUPER_MAGIC);
  kernel.refuse_links();
  given_source(
      {folder("f"), symlink("f/a", "x"), hard_link("f/b", "f/a"), hard_link("f/c", "f/a")});
  EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
  const int asked = kernel.asked.load();
  EXPECT_GT(asked, 0);
  for (const char* name : {"f/a", "f/b", "f/c", "f/a"}) {
    replace_by_another(destination, name);
    set_mtime(destination, "f", default_mtime_ns);
    EXPECT_EQ(unkept_in(run_pass(how)), Strings{"2 hard links"});
    EXPECT_EQ(kernel.asked, asked) << name;
  }
}

TEST_F(HardLinks, a_dry_run_tells_of_none_where_there_are_none) {
  given_source({file("a", std::string(3000, 'a')), hard_link("b", "a"), hard_link("f/c", "a"),
                symlink("l", "x"), hard_link("m", "l")});
  let_age(source);
  BentKernel kernel;
  kernel.pretend_type(MSDOS_SUPER_MAGIC);
  kernel.refuse_links();
  Options dry = unindexed;
  dry.dry_run = true;
  for (const std::size_t actions : {6U, 0U}) {
    const Pass told = run_pass(dry);
    const Pass pass = run_pass(unindexed);
    for (const Pass* each : {&told, &pass}) {
      EXPECT_EQ(each->status(), Status::done);
      EXPECT_EQ(each->actions.size(), actions) << described(*each);
      for (const Action& action : each->actions) EXPECT_EQ(action.link_of, "") << action.path;
      EXPECT_EQ(unkept_in(*each), Strings{"3 hard links"});
    }
  }
}

TEST_F(HardLinks, a_dry_run_tells_of_them_where_the_destination_is_yet_to_be_made) {
  given_source({file("a/f", "one"), hard_link("b/f", "a/f"), hard_link("c", "a/f"),
                symlink("l", "x"), hard_link("b/m", "l")});
  std::filesystem::remove_all(destination);
  for (Options dry : {how, unindexed}) {
    dry.dry_run = true;
    const Pass told = run_pass(dry);
    EXPECT_EQ(told.status(), Status::done);
    EXPECT_EQ(failed_in(told), Strings{});
    EXPECT_EQ(copied(told).size(), 1U) << described(told);
    EXPECT_EQ(told.actions.size(), 8U) << described(told);
    EXPECT_FALSE(std::filesystem::exists(destination));
  }
}

TEST_F(HardLinks, where_links_came_to_be_possible_they_are_made) {
  given_source({file("a", "one"), hard_link("b", "a"), symlink("l", "x"), hard_link("m", "l")});
  let_age(source);
  {
    const Refusing kernel{filesystem::syscalls::Call::link, EPERM};
    EXPECT_EQ(run_pass(unindexed).status(), Status::done);
  }
  EXPECT_EQ(copied(mirrored(unindexed)), Strings{});
}

TEST_F(HardLinks, are_not_replaced_where_no_mode_can_be_kept) {
  given_source({file("a", "one").mode(0600), hard_link("b", "a"), hard_link("c", "a")});
  given_destination({file("a", "one"), hard_link("b", "a"), hard_link("c", "a")});
  let_age(destination);
  const std::uint64_t inode = inode_of(destination + "/a");
  for (const Options& with : {how, unindexed}) {
    const Refusing kernel{filesystem::syscalls::Call::change_mode, EOPNOTSUPP};
    for (int round = 0; round < 2; ++round) {
      const Pass pass = run_pass(with);
      EXPECT_EQ(pass.status(), Status::done);
      EXPECT_EQ(copied(pass), Strings{});
      EXPECT_EQ(unkept_in(pass).size(), 1U) << described(pass);
      EXPECT_EQ(inode_of(destination + "/c"), inode);
    }
  }
}

TEST_F(HardLinks, what_cannot_be_read_is_asked_for_by_one_name) {
  const Strings names{"a", "b", "c", "d/e", "d/f"};
  for (const std::size_t bytes : {3'000U, 300'000U})
    for (const auto call : {filesystem::syscalls::Call::open, filesystem::syscalls::Call::read})
      for (const bool is_there : {false, true}) {
        SCOPED_TRACE(bytes);
        for (const std::string& root : {source, destination}) std::filesystem::remove_all(root);
        std::filesystem::remove(home / "index");
        Tree tree{folder("d"), file("other"), file("a", std::string(bytes, 'a'))};
        for (const char* name : {"b", "c", "d/e", "d/f"}) tree.put(hard_link(name, "a"));
        given_source(tree);
        make({}, destination);
        if (is_there)
          given_destination({file("a", "old"), hard_link("b", "a"), file("c", "older")});
        Refusals refusals;
        for (const std::string& name : names) refusals.refuse({call}, source + '/' + name, EIO);
        const Pass pass = run_pass(how);
        EXPECT_EQ(pass.status(), Status::some_failed);
        EXPECT_EQ(failed_in(pass), names);
        for (const Failure& failure : pass.failures) EXPECT_EQ(failure.error_number, EIO);
        EXPECT_EQ(refusals.count(), 1);
        EXPECT_TRUE(exists(destination, "other"));
        EXPECT_EQ(exists(destination, "a"), is_there);
        EXPECT_EQ(temporaries_in(destination), Strings{});
        refusals.relent();
        mirrored(how);
      }
}

TEST_F(HardLinks, where_one_name_cannot_be_had_another_is_tried) {
  given_source({file("a", "new"), hard_link("b", "a"), hard_link("c", "a")});
  given_destination({file("a", "old one")});
  Refusals refusals;
  refusals.refuse({filesystem::syscalls::Call::rename}, destination + "/a", EIO);
  refusals.refuse({filesystem::syscalls::Call::open}, source + "/b", ENOENT);
  const Pass pass = run_pass(how);
  EXPECT_EQ(failed_in(pass), (Strings{"a", "b"}));
  EXPECT_EQ(copied(pass), Strings{"c"});
  EXPECT_EQ(status_of(destination + "/a").st_size, 7);
  refusals.relent();
  mirrored(how);
}

/// Whoever reads a file finds that it has been written to meanwhile.
class Restless : public filesystem::syscalls::Hook {
 public:
  explicit Restless(std::string path) : path_(std::move(path)) {
    filesystem::syscalls::install(this);
  }
  Restless(const Restless&) = delete;
  Restless& operator=(const Restless&) = delete;
  ~Restless() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (call != filesystem::syscalls::Call::read) return 0;
    const struct timespec times[2] = {{0, UTIME_OMIT}, {1'600'000'000, ++reads_}};
    ::utimensat(AT_FDCWD, path_.c_str(), times, 0);
    return 0;
  }
  [[nodiscard]] int reads() const { return reads_; }

 private:
  const std::string path_;
  std::atomic<int> reads_{0};
};

TEST_F(HardLinks, what_changes_each_time_is_read_by_one_name) {
  int reads_of_one = 0;
  given_source({file("a", "always new")});
  for (const bool has_more : {false, true}) {
    if (has_more)
      for (const char* name : {"b", "c", "d"}) join_names(source, "a", name);
    const Restless kernel{source + "/a"};
    const Pass pass = run_pass(unindexed);
    EXPECT_EQ(failed_in(pass), has_more ? (Strings{"a", "b", "c", "d"}) : Strings{"a"});
    for (const Failure& failure : pass.failures) EXPECT_EQ(failure.kind, FailureKind::changed);
    if (has_more) {
      EXPECT_EQ(kernel.reads(), reads_of_one);
    }
    reads_of_one = kernel.reads();
  }
  EXPECT_GT(reads_of_one, 1);
}

TEST_F(HardLinks, rot_is_found_once_and_told_of_each_name) {
  const std::size_t bytes = 5000;
  BentKernel kernel;
  kernel.stop_the_clock();
  given_source({file("a", std::string(bytes, 'a')), hard_link("b", "a"), hard_link("c", "a")});
  run_pass(how);
  overwrite_unseen(source, "a", std::string(bytes, 'r'));
  join_names(source, "a", "0");
  how.rehash = true;
  Strings names{"0", "a", "b", "c"};
  for (int round = 0; round < 2; ++round) {
    const Pass pass = run_pass(how);
    EXPECT_EQ(failed_in(pass), names);
    for (const Failure& failure : pass.failures) EXPECT_EQ(failure.kind, FailureKind::rot);
    EXPECT_EQ(copied(pass), Strings{});
    EXPECT_LE(pass.summary.bytes_read, 3 * bytes) << "the source, the destination, and that again";
    how.rehash = false;
  }
}

// What the index has of a file's metadata holds for each of its names, whichever is met first.
TEST_F(HardLinks, what_one_of_them_could_not_keep_is_known_of_all) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  given_source({folder("a"), folder("b"), folder("c"), file("b/f", "one").owner(1, 2),
                hard_link("a/f", "b/f"), hard_link("c/f", "b/f"), hard_link("d", "b/f"),
                hard_link("e", "b/f"), symlink("k", "x").owner(1, 2), hard_link("l", "k"),
                hard_link("m", "k")});
  let_age(source);
  const Refusing kernel{filesystem::syscalls::Call::change_owner, EPERM};
  EXPECT_EQ(run_pass(how).status(), Status::done);
  const int asked = kernel.asked();
  for (const char* name : {"", "a/f", "b/f", "k", "c/f", "d", "l"}) {
    SCOPED_TRACE(name);
    if (*name != '\0') remove(source, name);
    let_age(source);
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(unkept_in(pass), (Strings{"2 owner", "2 group"}));
    EXPECT_EQ(copied(pass), Strings{}) << described(pass);
    EXPECT_EQ(kernel.asked(), asked);
    for (const bool dry : {true, false}) {
      Options again = how;
      again.dry_run = dry;
      const Pass settled = run_pass(again);
      EXPECT_TRUE(settled.actions.empty()) << described(settled);
      EXPECT_EQ(settled.summary.bytes_read, 0U);
      EXPECT_EQ(kernel.asked(), asked);
    }
  }
}

// Some file systems give one inode few names in a folder, and those of a project none in others.

class LinksOnImage : public HardLinks {
 protected:
  /// Two passes, of which the second does nothing, with an index and without.
  void expect_settled_apart(const std::string& place) {
    let_age(source);
    for (const bool is_indexed : {true, false}) {
      Options with = between(source, place);
      with.deletions = deletion::Unlimited{};
      if (is_indexed) with.index = index_place::File{home / "index"};
      const Pass first = run_pass(with);
      EXPECT_EQ(first.status(), Status::done);
      EXPECT_EQ(unkept_in(first).size(), 1U);
      // What was too fresh to prove anything is read by the next one.
      constexpr int most = 5;
      for (int i = 0; is_indexed && i < most && run_pass(with).summary.bytes_read > 0; ++i)
        continue;
      for (int round = 0; round < 2; ++round) {
        const Stamps before = stamps(place);
        const Pass pass = run_pass(with);
        EXPECT_EQ(pass.status(), Status::done);
        EXPECT_TRUE(pass.actions.empty()) << described(pass);
        // How many are counted depends on the part of the group that is met first.
        ASSERT_EQ(pass.summary.unkept.size(), 1U);
        EXPECT_EQ(pass.summary.unkept.front().aspect, Aspect::hard_link);
        if (!is_indexed) continue;
        EXPECT_EQ(pass.summary.bytes_read, 0U);
        EXPECT_TRUE(untouched(before, stamps(place)));
        Options dry = with;
        dry.dry_run = true;
        EXPECT_TRUE(run_pass(dry).actions.empty());
      }
      if (!is_indexed) continue;
      move_ctimes(place);
      let_age(place);
      const Stamps moved = stamps(place);
      run_pass(with);
      EXPECT_TRUE(untouched(moved, stamps(place))) << "it is known that no link can be had";
    }
  }

  static void move_ctimes(const std::string& place) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
      if (entry.is_regular_file())
        std::filesystem::permissions(entry.path(), entry.status().permissions());
  }

  static std::size_t inodes_in(const std::string& place) {
    std::set<std::uint64_t> inodes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
      if (entry.is_regular_file()) inodes.insert(inode_of(entry.path()));
    return inodes.size();
  }

  void given_names(std::size_t number, const std::string& folder) {
    if (!exists(source, "a")) given_source({file("a", std::string(3000, 'a'))});
    std::filesystem::create_directories(source + '/' + folder);
    for (std::size_t i = 0; i < number; ++i)
      join_names(source, "a", folder + "/" + std::string(20, 'n') + std::to_string(i));
  }
};

TEST_F(LinksOnImage, more_than_a_folder_takes_make_a_second_group) {
  const MountedImage image{"btrfs", 200'000'000, {"-O", "^extref"}};
  if (!image.done()) GTEST_SKIP() << image.why();
  given_names(700, "f");
  given_names(3, "g");
  expect_settled_apart(image.path() + "/d");
  EXPECT_EQ(inodes_in(image.path() + "/d"), 2U);
}

TEST_F(LinksOnImage, of_one_project_are_one_group) {
  const MountedImage image{"xfs", 320'000'000};
  if (!image.done()) GTEST_SKIP() << image.why();
  const std::string place = image.path() + "/d";
  for (const char* project : {"7", "8"}) {
    const std::string folder = place + '/' + project;
    std::filesystem::create_directories(folder);
    const std::string tool = "/usr/sbin/xfs_io";
    if (!std::filesystem::exists(tool)) GTEST_SKIP() << "no xfs_io";
    ASSERT_EQ(run({tool, "-c", std::string("chproj ") + project, folder}).status, 0);
    ASSERT_EQ(run({tool, "-c", "chattr +P", folder}).status, 0);
    given_names(3, project);
  }
  given_names(3, "9");
  expect_settled_apart(place);
  EXPECT_EQ(inodes_in(place), 3U);
}

// Random groups on both sides, changed by us and by others between passes.

class RandomLinks : public HardLinks {
 protected:
  std::string some_name() {
    return "f" + std::to_string(random.below(3)) + "/n" + std::to_string(random.below(12));
  }

  // Few contents, of one size and time, so that files may be taken for each other.
  void put_some(const std::string& root, const std::string& name) {
    if (exists(root, name)) remove(root, name);
    const auto letter = static_cast<char>('a' + random.below(3));
    const std::uint64_t kind = random.below(10);
    if (kind == 0)
      put(symlink(name, std::string(1, letter)), root);
    else if (kind == 1)
      put(fifo(name), root);
    else
      put(file(name, std::string(1000 + random.below(2), letter))
              .mode(random.one_in(6) ? 0600 : 0644),
          root);
  }

  void change(const std::string& root, std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      const std::string name = some_name();
      const std::string other = some_name();
      const std::uint64_t what = random.below(8);
      if (what < 4 && exists(root, other) && name != other)
        join_names(root, other, name);
      else if (what == 4 && exists(root, name))
        remove(root, name);
      else if (what == 5 && exists(root, name) && !exists(root, other))
        rename(root, name, other);
      else
        put_some(root, name);
    }
  }

  void follow(int rounds) {
    for (const std::string& root : {source, destination})
      make({folder("f0"), folder("f1"), folder("f2")}, root);
    change(source, 40);
    change(destination, 40);
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const bool is_indexed = !random.one_in(3);
      let_age(source);
      let_age(destination);
      const Options& with = is_indexed ? how : unindexed;
      ASSERT_EQ(run_pass(with).status(), Status::done);
      ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
      // What was read of an inode that a link had just touched proves nothing yet.
      if (is_indexed) run_pass(how);
      ASSERT_NO_FATAL_FAILURE(expect_settled(with, !is_indexed));
      if (HasFailure()) return;
      change(source, 1 + random.below(15));
      if (random.one_in(3)) change(destination, 1 + random.below(15));
    }
  }

  Random random{announced_seed()};
};

TEST_F(RandomLinks, are_exact_after_one_pass_and_settled_after_it) {
  follow(6);
}

class LongRandomLinks : public RandomLinks {};

TEST_F(LongRandomLinks, are_exact_after_one_pass_and_settled_after_it) {
  for (int run = 0; run < 20 && !HasFailure(); ++run) {
    follow(20);
    for (const std::string& root : {source, destination}) std::filesystem::remove_all(root);
  }
}

// Snapshots as cp -al makes them, the newest met first.

class Snapshots : public HardLinks {
 protected:
  [[nodiscard]] std::string name_of_snapshot(int number) const {
    return "s" + std::to_string(1000 - number);
  }

  static std::string name_of_file(std::uint64_t number) {
    return std::to_string(number % 100) + "/" + std::to_string(number);
  }

  void write(int snapshot, std::uint64_t number) {
    const std::string path = source + '/' + name_of_snapshot(snapshot) + '/' + name_of_file(number);
    std::filesystem::remove(path);
    ++version_;
    put(file(name_of_snapshot(snapshot) + '/' + name_of_file(number),
             "version " + std::to_string(version_) + std::string(random.below(2000), 'x')),
        source);
  }

  /// Of the one before, with some files changed; the oldest goes.
  std::uint64_t next(int number, std::uint64_t files, std::uint64_t changes, int kept) {
    const std::string from = source + '/' + name_of_snapshot(number - 1);
    const std::string to = source + '/' + name_of_snapshot(number);
    for (std::uint64_t i = 0; i < files; ++i) {
      const std::filesystem::path path = to + '/' + name_of_file(i);
      std::filesystem::create_directories(path.parent_path());
      EXPECT_EQ(::link((from + '/' + name_of_file(i)).c_str(), path.c_str()), 0);
    }
    std::set<std::uint64_t> changed;
    while (changed.size() < changes) changed.insert(random.below(files));
    for (const std::uint64_t each : changed) write(number, each);
    if (number >= kept) std::filesystem::remove_all(source + '/' + name_of_snapshot(number - kept));
    return changed.size();
  }

  using Between = std::function<void(int)>;

  void expect_changes_copied(std::uint64_t files, int snapshots, int passes,
                             const Between& between) {
    for (std::uint64_t i = 0; i < files; ++i) {
      std::filesystem::create_directories(source + '/' + name_of_snapshot(0) + '/' +
                                          std::to_string(i % 100));
      write(0, i);
    }
    std::uint64_t expected = files;
    for (int number = 0; number < passes; ++number) {
      SCOPED_TRACE("pass " + std::to_string(number));
      if (number > 0)
        expected = next(number, files, std::max<std::uint64_t>(files / 100, 1), snapshots);
      let_age(source);
      const bool is_other = number % 3 == 2;
      if (is_other && between) {
        between(number);
        expected = 0;
      }
      const Pass pass = run_pass(is_other && !between ? unindexed : how);
      ASSERT_EQ(pass.status(), Status::done);
      ASSERT_EQ(copied(pass).size(), expected);
      const Pass again = run_pass(how);
      ASSERT_EQ(again.status(), Status::done);
      ASSERT_TRUE(again.actions.empty()) << described(again).substr(0, 2000);
      ASSERT_TRUE(again.summary.unkept.empty());
    }
  }

  Random random{announced_seed()};
  std::uint64_t version_ = 0;
};

TEST_F(Snapshots, have_copied_what_changed) {
  ASSERT_NO_FATAL_FAILURE(expect_changes_copied(200, 5, 7, {}));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

class LongSnapshots : public Snapshots {};

TEST_F(LongSnapshots, of_fifty_thousand_files_have_copied_what_changed) {
  ASSERT_NO_FATAL_FAILURE(expect_changes_copied(50'000, 5, 10, {}));
}

TEST_F(LongSnapshots, made_by_others_in_between_have_copied_what_changed) {
  if (!std::filesystem::exists("/usr/bin/rsync")) GTEST_SKIP() << "no rsync";
  ASSERT_NO_FATAL_FAILURE(expect_changes_copied(10'000, 5, 10, [&](int /*number*/) {
    EXPECT_EQ(
        test::run({"/usr/bin/rsync", "-aHAX", "--delete", source + '/', destination + '/'}).status,
        0);
    let_age(destination);
  }));
}

class LongLinksOnImage : public LinksOnImage {};

TEST_F(LongLinksOnImage, more_than_an_inode_takes_make_a_second_group) {
  const MountedImage image{"ext4", 200'000'000};
  if (!image.done()) GTEST_SKIP() << image.why();
  given_names(65'050, "f");
  expect_settled_apart(image.path() + "/d");
  EXPECT_EQ(inodes_in(image.path() + "/d"), 2U);
}

}  // namespace
}  // namespace syncline::test
