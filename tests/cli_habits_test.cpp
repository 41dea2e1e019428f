// What hands do that know rsync: typing errors, other machines' paths, modes and owners by name,
// limits of rate and time.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Habits : public Cli {
 protected:
  void expect_refused(const std::vector<std::string>& arguments, const std::string& why) const {
    const Exit exit = syncline(arguments);
    EXPECT_EQ(exit.status, 1) << exit.err;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find(why), std::string::npos) << exit.err;
    EXPECT_FALSE(fs::exists(destination));
  }
};

TEST_F(Habits, a_mistyped_option_is_answered_with_the_nearest) {
  expect_refused({"--delte", source, destination}, "'--delte' (did you mean --delete?)");
  expect_refused({"--ehlp", source, destination}, "'--ehlp' (did you mean --help?)");
  expect_refused({"--recursve", source, destination}, "(did you mean --recursive?)");
  expect_refused({"--max-delet=5", source, destination}, "(did you mean --max-delete?)");
  expect_refused({"--nonsense", source, destination}, "'--nonsense'; try");
  expect_refused({"-Y", source, destination}, "'-Y'; try");
}

TEST_F(Habits, a_path_on_another_machine_is_refused_with_what_works) {
  for (const char* path :
       {"host:dir", "user@host:/dir", "host::module/dir", "rsync://host/module"}) {
    expect_refused({path, destination}, std::string("SRC '") + path + "' names another machine");
    expect_refused({source, path}, std::string("DST '") + path + "' names another machine");
  }
  expect_refused({"log", source, "host:dir", "1"}, "DST 'host:dir'");
}

TEST_F(Habits, a_colon_behind_a_slash_is_part_of_a_name) {
  fs::create_directory(home / "a:b");
  write(home / "a:b/file", "text");
  const std::string go = R"(cd "$1" && exec "$2" ./a:b c:d/../d)";
  EXPECT_EQ(run({"/bin/sh", "-c", go, "sh", home.path(), SYNCLINE_BINARY}).status, 1);
  const std::string right = R"(cd "$1" && exec "$2" ./a:b ./c:d)";
  EXPECT_EQ(run({"/bin/sh", "-c", right, "sh", home.path(), SYNCLINE_BINARY}).status, 0);
  EXPECT_EQ(read(home / "c:d/file"), "text");
}

TEST_F(Habits, values_that_make_no_sense_are_refused) {
  expect_refused({"--bwlimit=fast", source, destination}, "--bwlimit must be 0, or a rate");
  expect_refused({"--bwlimit=1b", source, destination}, "'1b'");
  expect_refused({"--bwlimit=5kbb", source, destination}, "'5kbb'");
  expect_refused({"--stop-after=0", source, destination}, "--stop-after must be a positive number");
  expect_refused({"--stop-at=1999-12-31", source, destination}, "still to come");
  expect_refused({"--stop-at=25:00", source, destination}, "'25:00'");
  expect_refused({"--stop-at=12:00", "--stop-after=5", source, destination}, "contradicts");
  expect_refused({"--modify-window=some", source, destination}, "--modify-window");
  expect_refused({"--chmod=Dq", source, destination}, "'Dq'");
  expect_refused({"--chmod=u=rwx,,g=r", source, destination}, "''");
  expect_refused({"--chown=no-such-user-here", source, destination}, "'no-such-user-here'");
  expect_refused({"--chown=:", source, destination}, "USER:GROUP");
  expect_refused({"--no-owner", "--chown=0", source, destination}, "contradicts --no-owner");
  expect_refused({"--suffix=a/b", source, destination}, "--suffix must have no slash");
  expect_refused({"-b", "--suffix=a/b", source, destination}, "--suffix must have no slash");
  expect_refused({"--size-only", "--rehash", source, destination}, "contradicts --size-only");
  expect_refused({"-xx", source, destination}, "-x given twice");
}

TEST_F(Habits, words_for_rates_and_moments_are_rsyncs) {
  write(source + "/file", "text");
  for (const char* word :
       {"--bwlimit=0", "--bwlimit=1000", "--bwlimit=1.5m", "--bwlimit=20MB", "--bwlimit=1GiB",
        "--bwlimit=600b", "--stop-at=23:59", "--stop-at=2099-12-31T23:59", "--stop-at=12/31",
        "--stop-at=31", "--stop-at=99-1-1T", "--stop-after=5", "--time-limit=5",
        "--modify-window=-1", "-@1"}) {
    // Whoever runs this in the last minute of a day has 23:59 passing, which is tomorrow's then.
    const Exit exit = syncline({word, source, destination});
    if (std::string(word) == "--stop-at=99-1-1T")
      EXPECT_EQ(exit.status, 1) << word;
    else
      EXPECT_EQ(exit.status, 0) << word << ": " << exit.err;
  }
}

// What of the words does nothing is taken all the same.
TEST_F(Habits, options_go_together_that_do_so_there) {
  const std::string large(200'000, 'x');
  const std::vector<std::vector<std::string>> all{
      {"-avq"},
      {"-q", "-i", "--stats", "--out-format=%n", "--progress"},
      {"-aq", "-P"},
      {"--inplace", "-b"},
      {"-b", "--backup-dir=../kept"},
      {"--backup-dir=./kept/./deep"},
      {"--suffix=.x"},
      {"-E", "--no-perms"},
      {"--force"},
      {"--max-alloc=0"},
      {"--max-alloc=1g"},
      {"--info=ALL4,progress0"},
      {"-aiihhE"}};
  for (const auto& words : all) {
    SCOPED_TRACE(testing::PrintToString(words));
    fs::remove_all(destination);
    fs::create_directory(destination);
    write(source + "/file", large + "new");
    write(destination + "/file", large);
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--no-index", source, destination});
    const Exit exit = syncline(arguments);
    EXPECT_EQ(exit.status, 0);
    EXPECT_EQ(exit.err, "");
    EXPECT_TRUE(exit.out.empty() || words.front().find('q') == std::string::npos) << exit.out;
    EXPECT_EQ(read(destination + "/file"), large + "new");
    EXPECT_FALSE(fs::exists(destination + "/file.x"));
  }
  EXPECT_EQ(read(home / "kept/file"), large);
}

TEST_F(Habits, words_of_info_do_what_they_do_there) {
  write(source + "/file", "text");
  const Exit names = syncline({"--no-index", "--info=name,stats2", source, destination});
  EXPECT_EQ(names.out.substr(0, names.out.find("Number")), "./\nfile\n");
  EXPECT_NE(names.out.find("Total file size: 4 bytes"), std::string::npos) << names.out;
  const Exit progress = syncline({"--no-index", "--info=progress2", source, destination});
  EXPECT_EQ(progress.status, 0) << progress.err;  // it is over before there is any to tell
  for (const char* word :
       {"--info=none", "--info=name0", "--info=stats1,del,skip2", "--info=PROGRESS0"})
    EXPECT_EQ(syncline({"--no-index", word, source, destination}).out, "") << word;
}

TEST_F(Habits, a_rate_is_kept_to_within_a_tenth) {
  write(source + "/large", std::string(4'000'000, 'x'));
  for (int i = 0; i < 100; ++i)
    write(source + "/small " + std::to_string(i), std::string(10'000, 'y'));
  const auto begin = Clock::now();
  const Exit exit =
      syncline({"--no-index", "--reflink=never", "--bwlimit=5MB", source, destination});
  const std::chrono::duration<double> took = Clock::now() - begin;
  EXPECT_EQ(exit.status, 0) << exit.err;
  // 5 MB; a busy machine may take longer, but no machine less.
  EXPECT_GT(took.count(), 0.95);
  EXPECT_LT(took.count(), 5.0);
}

TEST_F(Habits, what_waits_for_its_rate_stops_at_once) {
  write(source + "/large", std::string(4'000'000, 'x'));
  fs::create_directory(destination);
  const Watch watch(destination);
  Process process(command({"--no-index", "--bwlimit=100", source, destination}));
  ASSERT_TRUE(watch.until([&] { return !fs::is_empty(destination); }));
  process.signal(SIGTERM);
  const auto exit = process.wait(std::chrono::seconds(5));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_TRUE(fs::is_empty(destination));
}

TEST_F(Habits, a_single_run_tells_how_far_it_is_when_it_is_asked) {
  write(source + "/large", std::string(4'000'000, 'x'));
  fs::create_directory(destination);
  const Watch watch(destination);
  const Watch logging(logs);
  Process process(
      command({"-q", "--log-file", log, "--no-index", "--bwlimit=100", source, destination}));
  ASSERT_TRUE(watch.until([&] { return !fs::is_empty(destination); }));
  // The first answer may come before the file was found.
  const auto is_told = [&] {
    const bool is = logged("4.0 MB");
    if (!is) process.signal(SIGUSR1);
    return is;
  };
  ASSERT_TRUE(logging.until(is_told));
  process.signal(SIGTERM);
  const auto exit = process.wait(std::chrono::seconds(5));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(exit->err.find("syncline: "), 0U) << exit->err;
  EXPECT_NE(exit->err.find(" so far\n"), std::string::npos) << exit->err;
  EXPECT_NE(exit->err.find("4.0 MB"), std::string::npos) << exit->err;
}

std::map<std::string, mode_t> modes_in(const std::string& root) {
  std::map<std::string, mode_t> modes;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) == 0)
      modes[fs::relative(entry.path(), root)] = status.st_mode;
  }
  return modes;
}

/// Clauses at random, most of which make sense.
class RandomModes {
 public:
  explicit RandomModes(unsigned seed) : random_(seed) {}

  std::string changes() {
    std::string text = clause();
    for (int more = number(3); more > 0; --more) text += ',' + clause();
    return text;
  }

 private:
  int number(int below) { return std::uniform_int_distribution<>(0, below - 1)(random_); }
  std::string some(const std::string& letters, int most) {
    std::string text;
    for (int i = number(most + 1); i > 0; --i)
      text += letters[static_cast<std::size_t>(number(static_cast<int>(letters.size())))];
    return text;
  }
  std::string clause() {
    std::string text = some("DF", 1);
    if (number(5) == 0) {
      for (int i = 3 + number(2); i > 0; --i) text += static_cast<char>('0' + number(8));
      return text;
    }
    text += some("ugoa", 2);
    text += std::string("+-=")[static_cast<std::size_t>(number(3))];
    return text + (number(4) == 0
                       ? std::string("ugo").substr(static_cast<std::size_t>(number(3)), 1)
                       : some("rwxXst", 3));
  }

  std::mt19937 random_;
};

TEST_F(Habits, modes_are_changed_as_rsync_changes_them) {
  if (run({"/bin/sh", "-c", "rsync --version"}).status != 0)
    GTEST_SKIP() << "rsync is not installed";
  const std::string other = home / "other";
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    const std::string name = source + '/' + std::to_string(i);
    if (i % 2 == 0)
      write(name, "text");
    else
      fs::create_directory(name);
    // Root alone can look into what is shut to its owner.
    const mode_t open = ::geteuid() == 0 ? 0 : 0700;
    ::chmod(name.c_str(), static_cast<mode_t>(random() & 07777U) | open);
  }
  RandomModes clauses(11);
  int compared = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string changes = clauses.changes();
    SCOPED_TRACE(changes);
    fs::remove_all(other);
    fs::remove_all(destination);
    const bool is_refused = run({"/bin/sh", "-c", R"(exec rsync -a --chmod="$1" "$2/" "$3")", "sh",
                                 changes, source, other})
                                .status == 1;
    const Exit exit =
        syncline({"--no-index", "--no-flush", "--chmod", changes, source, destination});
    EXPECT_EQ(exit.status == 1, is_refused) << exit.err;
    if (is_refused || exit.status != 0) continue;
    EXPECT_EQ(modes_in(destination), modes_in(other));
    ++compared;
    const Exit again = syncline({"--no-index", "-nv", "--chmod", changes, source, destination});
    EXPECT_EQ(again.out.find("set-metadata"), std::string::npos) << again.out;
  }
  EXPECT_GT(compared, 20);
}

TEST_F(Habits, owners_are_given_by_name_and_number) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  write(source + "/file", "text");
  fs::create_symlink("file", source + "/link");
  EXPECT_EQ(syncline({"--chown=root:4321", source, destination}).status, 0);
  for (const char* name : {"", "/file", "/link"}) {
    struct stat status {};
    ASSERT_EQ(::lstat((destination + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 0U);
    EXPECT_EQ(status.st_gid, 4321U);
  }
  const Exit again = syncline({"-v", "--chown=0:4321", source, destination});
  EXPECT_NE(again.out.find("nothing to do"), std::string::npos) << again.out;
}

}  // namespace
}  // namespace syncline::test
