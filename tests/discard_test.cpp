// Copies that are given up, and temporaries that an earlier run left, where another user may rename
// and link them: he is left with nothing of theirs, and nothing of his or anybody's goes for them.
//
// SPDX-License-Identifier: MIT
#include "support/between_users.h"
#include "support/disk.h"
#include "support/interference.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;

const std::string litter = ".syncline-0123456789abcdef.tmp";

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// In a folder of the stranger's on both sides.
class GivenUp : public BetweenUsers {
 protected:
  void SetUp() override {
    BetweenUsers::SetUp();
    if (IsSkipped()) return;
    give_him_folders();
  }

  /// What he renames every temporary to.
  void take_temporaries() const {
    as_stranger([&] {
      for (const auto& entry : fs::directory_iterator(his))
        if (entry.path().extension() == ".tmp") fs::rename(entry.path(), kept);
      return true;
    });
  }

  [[nodiscard]] std::string the_temporary() const {
    for (const auto& entry : fs::directory_iterator(his))
      if (entry.path().extension() == ".tmp") return entry.path();
    return {};
  }

  /// Root's, in his folder, so that he may rename it; and somebody has it open.
  [[nodiscard]] Descriptor given_file_in_use() const {
    write(in_use, "precious");
    return Descriptor{::open(in_use.c_str(), O_RDONLY | O_CLOEXEC)};
  }

  const std::string his = destination + "/his";
  const std::string in_use = his + "/in_use";
  const std::string kept = his + "/kept";
};

TEST_P(GivenUp, copy_is_empty_though_he_renamed_it) {
  const std::string secret(3U << 20U, 's');
  put(file("his/secret", secret).mode(0600), source);
  put(file("his/secret", "an older one").mode(0600), destination);
  {
    const Interference at(
        3, [&] { take_temporaries(); }, Call::write, ENOSPC);
    EXPECT_EQ(run_pass(between(source, destination)).status(), Status::some_failed);
    ASSERT_TRUE(at.happened());
  }
  ASSERT_TRUE(fs::exists(kept));
  EXPECT_EQ(fs::file_size(kept), 0U);
  EXPECT_EQ(content_of(his + "/secret"), "an older one");
}

// As he could himself where fs.protected_hardlinks is off.
TEST_P(GivenUp, copy_is_empty_though_it_was_linked) {
  put(file("his/secret", std::string(3U << 20U, 's')).mode(0600), source);
  put(file("his/secret", "an older one").mode(0600), destination);
  {
    const Interference at(
        3,
        [&] {
          for (const auto& entry : fs::directory_iterator(his))
            if (entry.path().extension() == ".tmp") fs::create_hard_link(entry.path(), kept);
        },
        Call::write, ENOSPC);
    EXPECT_EQ(run_pass(between(source, destination)).status(), Status::some_failed);
    ASSERT_TRUE(at.happened());
  }
  ASSERT_TRUE(fs::exists(kept));
  EXPECT_EQ(fs::file_size(kept), 0U);
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

TEST_P(GivenUp, litter_gives_him_nothing_and_takes_nothing_of_his) {
  int swaps_too_late = 0;
  for (int number = 1; number < 100; ++number) {
    put(file("his/" + litter, "root's").mode(0600), destination);
    bool is_swapped = false;
    const AtName at(litter, number, [&] {
      is_swapped = as_stranger([&] {
        fs::rename(his + '/' + litter, kept);
        write(his + '/' + litter, "his");
        return true;
      });
    });
    const Pass pass = run_pass(between(source, destination));
    // Until it was first met to be removed, what has the name is what is meant.
    constexpr int first_looks = 2;
    const bool is_his_to_stay = is_swapped && number > first_looks;
    EXPECT_EQ(pass.status(), is_his_to_stay ? Status::some_failed : Status::done) << number;
    EXPECT_EQ(temporaries_in(destination).size(), is_his_to_stay ? 1U : 0U) << number;
    EXPECT_EQ(content_of(his + '/' + litter), is_his_to_stay ? "his" : "") << number;
    for (const auto& entry : fs::directory_iterator(his)) fs::remove_all(entry.path());
    if (!is_swapped) ++swaps_too_late;
    if (!at.happened()) {
      EXPECT_GE(number, 5) << "fewer moments than there are";
      EXPECT_EQ(swaps_too_late, 3) << "the name is out of his reach for its last look and its end";
      return;
    }
  }
  FAIL() << "it never ends";
}

// Root's file, which he cannot write to, is not emptied for him below whoever works with it.
TEST_P(GivenUp, litter_that_was_another_file_is_not_emptied) {
  const Descriptor held = given_file_in_use();
  ASSERT_TRUE(as_stranger([&] {
    fs::rename(in_use, his + '/' + litter);
    return true;
  }));
  EXPECT_EQ(run_ok(between(source, destination)).summary.cleaned, 1U);
  EXPECT_EQ(read_through(held), "precious");
}

TEST_P(GivenUp, closed_copy_is_empty_though_it_was_linked) {
  put(file("his/secret", "a secret").mode(0600), source);
  put(file("his/secret", "an older one").mode(0600), destination);
  {
    const Interference at(
        1, [&] { fs::create_hard_link(the_temporary(), kept); }, Call::rename, EIO);
    EXPECT_EQ(run_pass(between(source, destination)).status(), Status::some_failed);
    ASSERT_TRUE(at.happened());
  }
  EXPECT_EQ(fs::file_size(kept), 0U);
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

/// What is to take the place of what, and the call that would have let it.
struct Replacing {
  const char* name;
  Entry by;
  Entry old;
  Call call;
};

TEST_P(GivenUp, what_got_its_name_meanwhile_stays) {
  const std::vector<Replacing> all{
      {"a file's", file("his/thing", "new"), file("his/thing", "an older one"), Call::rename},
      {"a folder's", file("his/thing", "new"), folder("his/thing"), Call::exchange},
      {"a symlink's", symlink("his/thing", "new"), symlink("his/thing", "old"), Call::rename},
      {"a folder's, by a symlink", symlink("his/thing", "new"), folder("his/thing"),
       Call::exchange}};
  for (const Replacing& replacing : all) {
    SCOPED_TRACE(replacing.name);
    put(replacing.by, source);
    put(replacing.old, destination);
    const Descriptor held = given_file_in_use();
    std::string taken;
    {
      const Interference at(
          1,
          [&] {
            taken = the_temporary();
            as_stranger([&] {
              fs::rename(taken, kept);
              fs::rename(in_use, taken);
              return true;
            });
          },
          replacing.call, EIO);
      EXPECT_EQ(run_pass(between(source, destination)).status(), Status::some_failed);
      ASSERT_TRUE(at.happened());
    }
    EXPECT_EQ(read_through(held), "precious");
    EXPECT_EQ(content_of(taken), "precious");
    for (const std::string& root : {source, destination})
      for (const auto& entry : fs::directory_iterator(root + "/his")) fs::remove_all(entry.path());
  }
}

/// At the so manieth call upon the litter's name something else is put there, and once that is
/// taken away another thing.
class TwiceThere : public filesystem::syscalls::Hook {
 public:
  using Put = std::function<void(const std::string& content)>;

  TwiceThere(int number, std::string path, Put put)
      : left_(number), path_(std::move(path)), put_(std::move(put)) {
    filesystem::syscalls::install(this);
  }
  TwiceThere(const TwiceThere&) = delete;
  TwiceThere& operator=(const TwiceThere&) = delete;
  ~TwiceThere() override { filesystem::syscalls::install(nullptr); }

  int before(Call /*call*/) override { return 0; }
  int before_at(Call /*call*/, int /*fd*/, const char* name) override {
    if (name != litter) return 0;
    --left_;
    if (left_ == 0) put_("his first");
    if (left_ < 0 && !is_twice_ && !fs::exists(path_)) {
      is_twice_ = true;
      put_("his second");
    }
    return 0;
  }
  [[nodiscard]] bool is_twice() const { return is_twice_; }

 private:
  int left_;
  bool is_twice_ = false;
  const std::string path_;
  const Put put_;
};

TEST_P(GivenUp, what_was_taken_for_litter_is_given_back_though_its_name_is_taken_again) {
  const std::string path = his + '/' + litter;
  const auto put_there = [&](const std::string& content) {
    as_stranger([&] {
      if (fs::exists(path)) fs::rename(path, kept);
      write(path, content);
      return true;
    });
  };
  // Between the last look at the name and the move of what has it.
  constexpr int number = 4;
  put(file("his/" + litter, "root's").mode(0600), destination);
  {
    const TwiceThere at(number, path, put_there);
    EXPECT_EQ(run_pass(between(source, destination)).status(), Status::some_failed);
    ASSERT_TRUE(at.is_twice());
  }
  std::set<std::string> left;
  for (const auto& entry : fs::directory_iterator(his)) {
    EXPECT_TRUE(entry.is_regular_file()) << entry.path();
    left.insert(content_of(entry.path()));
  }
  EXPECT_EQ(left, (std::set<std::string>{"his first", "his second", "root's"}));
}

TEST_P(GivenUp, litter_that_has_another_name_keeps_its_content) {
  const std::string precious = ours + "/precious";
  write(precious, "root's");
  fs::create_hard_link(precious, his + '/' + litter);
  EXPECT_EQ(run_ok(between(source, destination)).summary.cleaned, 1U);
  EXPECT_EQ(content_of(precious), "root's");
  EXPECT_FALSE(exists(destination, "his/" + litter));
}

TEST_P(GivenUp, litter_of_his_goes_whatever_it_is) {
  const std::string precious = ours + "/precious";
  write(precious, "root's");
  ASSERT_TRUE(as_stranger([&] {
    fs::create_symlink(precious, his + "/.syncline-0123456789abcde0.tmp");
    write(his + "/.syncline-0123456789abcde1.tmp", "his");
    return ::mkfifo((his + "/.syncline-0123456789abcde2.tmp").c_str(), 0600) == 0;
  }));
  EXPECT_EQ(run_ok(between(source, destination)).summary.cleaned, 3U);
  EXPECT_EQ(content_of(precious), "root's");
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(On, GivenUp, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
