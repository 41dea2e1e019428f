// Both trees change under the pass's feet: folders become symlinks that lead outside, files become
// whatever else there is, at any moment. Nothing outside is touched, nothing from outside gets in,
// and once it is quiet the next pass makes the mirror exact.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/canary.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/interference.h"
#include "support/passes.h"
#include "support/swapper.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <mutex>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
namespace syscalls = filesystem::syscalls;

/// What no file of the two roots holds.
const std::string secret = "from outside";

// Under the names of what is inside, and one more.
Tree outside_tree() {
  return {file("one", secret), file("two", secret), file("deep/one", secret),
          file("only outside", secret).mode(0640)};
}

TEST(CanaryItself, sees_what_is_done_through_a_symlink) {
  const Canary canary(outside_tree());
  const TemporaryFolder home;
  put(symlink("link", canary.path()), home.path());
  EXPECT_TRUE(canary.is_untouched());
  const std::string link = home / "link";
  const std::vector<std::function<void()>> deeds{
      [&] { ::close(::open((link + "/one").c_str(), O_RDONLY)); },
      [&] { ::close(::open((link + "/deep").c_str(), O_RDONLY | O_DIRECTORY)); },
      [&] { ::close(::open((link + "/only outside").c_str(), O_WRONLY)); },
      [&] { ::chmod((link + "/two").c_str(), 0644); },
      [&] { ::chown((link + "/deep").c_str(), ::geteuid(), ::getegid()); },
      [&] { fs::last_write_time(link + "/two", fs::file_time_type::clock::now()); },
      [&] { fs::create_directory(link + "/new"); },
      [&] { fs::rename(link + "/new", link + "/newer"); },
      [&] { fs::remove(link + "/newer"); }};
  for (const auto& deed : deeds) {
    deed();
    EXPECT_FALSE(canary.accesses().empty());
    EXPECT_TRUE(canary.accesses().empty());
  }
  EXPECT_FALSE(canary.is_as_it_was());
}

struct Extent {
  std::uint64_t swaps;
  bool indexed;
};
void PrintTo(const Extent& extent, std::ostream* out) {
  *out << extent.swaps << " swaps " << (extent.indexed ? "with" : "without") << " an index";
}

class Races : public TwoRoots {
 protected:
  [[nodiscard]] Options careless(bool indexed) const {
    Options how = options();
    how.deletions = deletion::Unlimited{};
    if (indexed) how.index = index_place::File{home / "index"};
    return how;
  }

  static void expect_nothing_from_outside(const Tree& tree) {
    for (const auto& [path, entry] : tree.entries()) {
      EXPECT_NE(name_of(path), "only outside") << path;
      if (entry.kind == Kind::file) {
        EXPECT_EQ(entry.content.find(secret), std::string::npos) << path;
      }
    }
  }

  void expect_exact_in_the_next_pass(const Options& how) const {
    run_ok(how);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  const Canary canary{outside_tree()};
};

class Swapped : public Races, public testing::WithParamInterface<Extent> {};

TEST_P(Swapped, entries_on_both_sides_lead_nowhere) {
  std::vector<std::string> places;
  for (const char* folder : {"", "kept", "kept/too"})
    for (int number = 0; number < 6; ++number)
      places.push_back(join(folder, "place " + std::to_string(number)));
  Tree tree;
  for (const std::string& place : places) tree.put(file(join(place, "one"), "inside"));
  for (int number = 0; number < 50; ++number) tree.put(file("file " + std::to_string(number)));
  given_source(tree);
  given_destination(tree);
  for (const char* spare : {"spare of source", "spare of destination"})
    fs::create_directory(home / spare);

  const auto [wanted, indexed] = GetParam();
  const Options how = careless(indexed);
  const std::uint64_t seed = announced_seed();
  constexpr std::uint64_t rounds = 5;
  constexpr int fewest_passes = 8;
  std::uint64_t swaps = 0;
  std::uint64_t passes = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    {
      const Swapper in_source(source, places, canary.path(), home / "spare of source",
                              seed + 2 * round);
      const Swapper in_destination(destination, places, canary.path(),
                                   home / "spare of destination", seed + 2 * round + 1);
      for (int each = 0;
           each < fewest_passes || in_source.swaps() + in_destination.swaps() < wanted / rounds;
           ++each, ++passes) {
        const Status status = run_pass(how).status();
        EXPECT_TRUE(
            (std::set{Status::done, Status::some_failed, Status::source_moved, Status::unverified}
                 .contains(status)))
            << static_cast<int>(status);
      }
      swaps += in_source.swaps() + in_destination.swaps();
    }
    ASSERT_TRUE(canary.is_untouched());
    expect_nothing_from_outside(snapshot(destination));
    ASSERT_NO_FATAL_FAILURE(expect_exact_in_the_next_pass(how));
    EXPECT_TRUE(temporaries_in(destination).empty());
    if (indexed) {
      EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
    }
    ASSERT_TRUE(canary.is_untouched());
    if (HasFailure()) break;
  }
  EXPECT_GE(swaps, wanted);
  std::cout << swaps << " swaps in " << passes << " passes, no access outside\n";
}

INSTANTIATE_TEST_SUITE_P(Trees, Swapped,
                         testing::Values(Extent{.swaps = 500, .indexed = false},
                                         Extent{.swaps = 500, .indexed = true}));
INSTANTIATE_TEST_SUITE_P(LongTrees, Swapped,
                         testing::Values(Extent{.swaps = 500'000, .indexed = false},
                                         Extent{.swaps = 500'000, .indexed = true}));

TEST_F(Races, to_make_the_destination_may_be_lost) {
  given_source({file("file", "text")});
  const Tree expected = snapshot(source);
  for (int number = 1; !exists(home.path(), "destination"); ++number) {
    bool made = false;
    {
      const Interference interference(number,
                                      [&] { made = ::mkdir(destination.c_str(), 0700) == 0; });
      EXPECT_EQ(run_pass(options()).status(), Status::done) << number;
    }
    EXPECT_TRUE(same(snapshot(destination), expected));
    if (made) remove(home.path(), "destination");
  }
}

/// By how many calls one moment is later than the one before.
class RacesToMake : public Races, public testing::WithParamInterface<int> {};

// In a third of these moments the run has its own locks' gate shut, and the other one waits for it
// a fifth of a second in vain.
TEST_P(RacesToMake, the_destination_may_be_lost_to_a_run_that_is_over_by_then) {
  given_source({file("file", "text")});
  const Tree expected = snapshot(source);
  const Options how = careless(true);
  int rounds = 0;
  bool was_refused = false;
  for (int number = 1; !was_refused; number += GetParam(), ++rounds) {
    fs::remove_all(destination);
    fs::remove_all(home / "index");
    const Interference interference(number, [&] {
      try {
        run_pass(how);
      } catch (const Unusable&) {
        was_refused = true;  // from here on the other one is at work
      }
    });
    EXPECT_EQ(run_pass(how).status(), Status::done) << number;
    EXPECT_TRUE(interference.happened());
    EXPECT_TRUE(same(snapshot(destination), expected));
  }
  EXPECT_GT(rounds, 5);
}

INSTANTIATE_TEST_SUITE_P(Every, RacesToMake, testing::Values(7));
INSTANTIATE_TEST_SUITE_P(LongEvery, RacesToMake, testing::Values(1));

// As a hard link that is made to it would do.
TEST_F(Races, with_what_only_stamps_a_file_copy_nothing) {
  given_source({file("file", "text")});
  run_ok(options());
  Options how = options();
  how.rehash = true;
  for (const std::string& side : {source, destination}) {
    bool happened = true;
    for (int number = 1; happened; ++number) {
      const Interference interference(number, [&] { ::chmod((side + "/file").c_str(), 0644); });
      const Pass pass = run_pass(how);
      EXPECT_EQ(pass.status(), Status::done) << number;
      EXPECT_EQ(pass.summary.bytes_written, 0) << side << ", call " << number;
      happened = interference.happened();
    }
  }
}

// Whatever a folder hands on to what is made in it, and whenever that becomes something else.
TEST_F(Races, with_who_changes_what_new_files_get_leave_no_other_metadata) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  constexpr gid_t other_group = 4321;
  Options how = options();
  how.flush = false;
  how.index = index_place::File{home / "index"};
  Tree tree;
  for (int i = 0; i < 4; ++i)
    tree.put(file("folder/" + std::to_string(i), "text").mode(0666).mtime(i));
  given_source(tree);
  const std::string folder = join(destination, "folder");
  for (const int number : {1, 2, 3, 4}) {
    const Interference interference(
        number,
        [&] {
          EXPECT_EQ(::chown(folder.c_str(), 0, other_group), 0);
          EXPECT_EQ(::chmod(folder.c_str(), 02755), 0);
        },
        syscalls::Call::link);
    const Pass pass = run_pass(how);
    EXPECT_TRUE(interference.happened());
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source))) << number;
    EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
    fs::remove_all(destination);
    fs::remove(home / "index");
  }
}

// The moment tells a change from bytes that rotted.
TEST_F(Races, with_who_edits_the_destination_are_not_taken_for_rot) {
  given_source({file("file", "text")});
  Options how = careless(true);
  how.rehash = true;
  bool happened = true;
  for (int number = 1; happened; ++number) {
    run_ok(how);
    const auto edit = [&] {
      const std::string path = destination + "/file";
      const Descriptor edited(checked(::open(path.c_str(), O_WRONLY | O_CLOEXEC), path));
      checked(::pwrite(edited.get(), "TEXT", 4, 0), path);
    };
    const Interference interference(number, edit, syscalls::Call::read);
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done) << number;
    EXPECT_EQ(pass.summary.repaired, 0) << number;
    happened = interference.happened();
  }
}

enum class Becomes : std::uint8_t {
  nothing,
  link_to_folder,
  link_to_file,
  file,
  folder,
  pipe,
  device,
  hard_link,  ///< another name of a file outside
};

struct Turn {
  bool in_source;
  Becomes becomes;
  int step = 3;  ///< of the calls, before each so manieth
};
void PrintTo(const Turn& turn, std::ostream* out) {
  *out << (turn.in_source ? "source" : "destination") << " becomes "
       << static_cast<int>(turn.becomes) << ", step " << turn.step;
}

// Whatever the pass looks at, opens, makes, names and removes, at every single moment of it.
class TurnedAt : public Races, public testing::WithParamInterface<Turn> {
 protected:
  static Tree tree_of_source() {
    return {file("small", "inside").mode(0600).mtime(1),
            file("large", std::string(70'000, 'i')).mode(0600),
            file("changed", "new!").mode(0600).mtime(2),
            file("metadata", "same").mode(0600).mtime(3),
            file("folder/one", "inside"),
            file("new folder/one", "inside"),
            symlink("link", "target").mtime(4),
            fifo("fifo").mode(0600).mtime(5),
            file("was folder", "inside").mode(0600).mtime(6),
            file("was file/one", "inside")};
  }
  static Tree tree_of_destination() {
    return {file("changed", "old!"),        file("metadata", "same"), file("folder/gone", "old"),
            file("was folder/one", "old"),  file("was file", "old"),  file("gone", "old"),
            file("gone folder/one", "old"), file("folder/one", "old")};
  }

  // What became a pipe or a folder while it was read is not an empty file by that.
  static void expect_no_new_content(const Tree& tree) {
    static const std::set<std::string> known{
        "inside", std::string(70'000, 'i'), "new!", "same", "old!", "old", "another"};
    for (const auto& [path, entry] : tree.entries())
      EXPECT_TRUE(entry.kind != Kind::file || known.contains(entry.content)) << path;
  }

  void make_spare(const std::string& name, Becomes what) const {
    const std::string path = spare + '/' + name;
    switch (what) {
      case Becomes::nothing:
        return;
      case Becomes::link_to_folder:
        return put(symlink(name, canary.path()), spare);
      case Becomes::link_to_file:
        return put(symlink(name, canary.path() + "/one"), spare);
      case Becomes::file:
        return put(file(name, "another"), spare);
      case Becomes::folder:
        put(folder(name), spare);
        return put(file(name + "/one", "another"), spare);
      case Becomes::pipe:
        return put(fifo(name), spare);
      case Becomes::device:
        return put(character_device(name, makedev(1, 3)), spare);
      case Becomes::hard_link:
        fs::create_hard_link(canary.path() + "/one", path);
    }
  }

  void given_scene() const {
    for (const char* each : {"source", "destination", "spare"})
      if (exists(home.path(), each)) remove(home.path(), each);
    given_source(tree_of_source());
    given_destination(tree_of_destination());
    fs::create_directory(spare);
    for (const std::string& place : places) make_spare(place, GetParam().becomes);
    static_cast<void>(canary.accesses());
  }

  void turn_all() const {
    const std::string& root = GetParam().in_source ? source : destination;
    for (const std::string& place : places) {
      const std::string from = join(spare, place);
      const std::string to = join(root, place);
      if (GetParam().becomes == Becomes::nothing)
        ::renameat2(AT_FDCWD, to.c_str(), AT_FDCWD, from.c_str(), 0);
      else if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0)
        ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    }
  }

  void expect_nothing_happened_outside() const {
    if (GetParam().becomes != Becomes::hard_link) {
      EXPECT_TRUE(canary.is_untouched());
      expect_nothing_from_outside(snapshot(destination));
      expect_no_new_content(snapshot(destination));
    }
    EXPECT_TRUE(canary.is_as_it_was());
  }

  const std::vector<std::string> places{"small",      "large",      "changed", "metadata",
                                        "folder",     "new folder", "link",    "fifo",
                                        "was folder", "was file",   "gone",    "gone folder"};
  const std::string spare = home / "spare";
};

TEST_P(TurnedAt, every_moment_of_a_pass_nothing_outside_is_touched) {
  if (GetParam().becomes == Becomes::device && ::geteuid() != 0) GTEST_SKIP() << "not root";
  Options how = careless(false);
  how.threads = 1;
  how.io_threads = 1;
  bool happened = true;
  const int step = GetParam().step;
  const int first = 1 + static_cast<int>(GetParam().becomes) % step;
  for (int number = first; happened && !HasFailure(); number += step) {
    SCOPED_TRACE("before call " + std::to_string(number));
    given_scene();
    {
      const Interference interference(number, [this] { turn_all(); });
      run_pass(how);
      happened = interference.happened();
    }
    expect_nothing_happened_outside();
    expect_exact_in_the_next_pass(how);
    expect_nothing_happened_outside();
  }
}

std::vector<Turn> turns(int step) {
  std::vector<Turn> all;
  for (const bool in_source : {true, false})
    for (const Becomes becomes : {Becomes::nothing, Becomes::link_to_folder, Becomes::link_to_file,
                                  Becomes::file, Becomes::folder, Becomes::pipe, Becomes::device})
      all.push_back({in_source, becomes, step});
  return all;
}

// Each moment costs two passes. There are seven such things, and each begins one call later, so
// that one of them comes before each call.
INSTANTIATE_TEST_SUITE_P(Entries, TurnedAt, testing::ValuesIn(turns(7)));
INSTANTIATE_TEST_SUITE_P(LongEntries, TurnedAt, testing::ValuesIn(turns(1)));
INSTANTIATE_TEST_SUITE_P(Links, TurnedAt, testing::Values(Turn{false, Becomes::hard_link, 3}));
INSTANTIATE_TEST_SUITE_P(LongLinks, TurnedAt, testing::Values(Turn{false, Becomes::hard_link, 1}));

// Deletions go from the deepest folder up, one level after the other.
TEST_F(Races, delete_only_what_is_still_gone_and_still_the_same) {
  given_source({folder("kept")});
  given_destination({file("kept/gone"), file("gone"), file("back"), file("replaced", "old"),
                     folder("folder back"), file("folder back/file"), folder("folder replaced")});
  const Pass pass = run_pass(careless(false), [&](const Event& event) {
    const auto* action = std::get_if<Action>(&event);
    if (action == nullptr || action->path != "kept/gone") return;
    put(file("back", "back again"), source);
    put(folder("folder back"), source);
    fs::remove(destination + "/replaced");
    put(file("replaced", "new"), destination);
    rename(destination, "folder replaced", "kept/before");
    put(folder("folder replaced"), destination);
  });
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_FALSE(exists(destination, "gone"));
  for (const char* path : {"back", "replaced", "folder back", "folder replaced"})
    EXPECT_TRUE(exists(destination, path)) << path;
  // What is in "folder back" is told of with that.
  std::set<std::string> told;
  for (const Failure& failure : pass.failures) told.insert(failure.path);
  EXPECT_EQ(told, (std::set<std::string>{"back", "replaced", "folder back", "folder replaced"}));
  expect_exact_in_the_next_pass(careless(false));
}

/// Nobody may change what is at a path, not even root, while it lives.
class Immutable {
 public:
  explicit Immutable(const std::string& path)
      : opened_(checked(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open " + path)) {
    int flags = 0;
    if (::ioctl(opened_.get(), FS_IOC_GETFLAGS, &flags) != 0) return;
    before_ = flags;
    flags |= FS_IMMUTABLE_FL;
    done_ = ::ioctl(opened_.get(), FS_IOC_SETFLAGS, &flags) == 0;
  }
  Immutable(const Immutable&) = delete;
  Immutable& operator=(const Immutable&) = delete;
  ~Immutable() {
    if (done_) ::ioctl(opened_.get(), FS_IOC_SETFLAGS, &before_);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  Descriptor opened_;
  int before_ = 0;
  bool done_ = false;
};

TEST_F(Races, with_what_nobody_may_change_are_told_and_the_rest_is_done) {
  given_source({file("fixed", "new!!"), file("metadata", "same").mode(0600),
                file("folder/new", "text"), file("folder/changed", "new!"), file("other", "new")});
  given_destination({file("fixed", "old"), file("metadata", "same"), file("folder/changed", "old!"),
                     file("folder/gone"), file("gone"), file("stays"), file("other", "old")});
  {
    const Immutable fixed(destination + "/fixed");
    const Immutable metadata(destination + "/metadata");
    const Immutable stays(destination + "/stays");
    const Immutable folder(destination + "/folder");
    if (!fixed.done() || !folder.done()) GTEST_SKIP() << "nothing can be made immutable here";
    const Pass pass = run_pass(careless(false));
    EXPECT_EQ(pass.status(), Status::some_failed);
    std::set<std::string> told;
    for (const Failure& failure : pass.failures) told.insert(failure.path);
    for (const char* path :
         {"fixed", "metadata", "stays", "folder/new", "folder/changed", "folder/gone"})
      EXPECT_TRUE(told.contains(path)) << path;
    for (const Failure& failure : pass.failures) {
      if (failure.path != "metadata") continue;
      EXPECT_NE(failure.cause.find("is immutable"), std::string::npos) << failure.cause;
    }
    const Tree found = snapshot(destination);
    EXPECT_EQ(found.at("fixed").content, "old");
    EXPECT_EQ(found.at("folder/changed").content, "old!");
    EXPECT_EQ(found.at("other").content, "new");
    EXPECT_FALSE(found.contains("gone"));
    EXPECT_TRUE(temporaries_in(destination).empty());
  }
  expect_exact_in_the_next_pass(careless(false));
}

}  // namespace
}  // namespace syncline::test
