// Root mirrors, again and again, a tree in which a hostile user owns a folder on each side and may
// write to a shared one. Whatever he does meanwhile: nothing that is only root's can be read or
// written by him, nothing of his is in a file of root's, every pass ends in time, and once he has
// stopped the two sides are equal.
//
// SPDX-License-Identifier: MIT
#include "support/hostile_user.h"

#include "support/between_users.h"
#include "support/random_tree.h"
#include "support/sanitizers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stop_token>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

/// No pass over these few files takes so long, whatever he does.
constexpr std::chrono::seconds longest_pass{is_sanitized ? 180 : 45};

constexpr const char* public_mark = "root's public ";

// What root writes can be told from all else by its first line alone.
std::string content_of(const std::string& mark, std::uint64_t number, std::size_t size) {
  std::string content = mark + std::to_string(number) + ' ' + std::to_string(size) + '\n';
  content.resize(std::max(size, content.size()), static_cast<char>('a' + number % 26));
  return content;
}

bool is_whole(const std::string& content) {
  const std::string line = content.substr(0, content.find('\n'));
  for (const char* mark : {secret_mark, public_mark})
    if (line.starts_with(mark)) {
      std::size_t end = 0;
      const std::string rest = line.substr(std::string_view{mark}.size());
      const std::uint64_t number = std::stoull(rest, &end);
      return content == content_of(mark, number, std::stoull(rest.substr(end)));
    }
  return content.empty();
}

std::string read_whole(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// What is his may well have changed beneath a reading.
bool is_suspect(const Failure& failure) {
  const bool is_roots = failure.path.starts_with("root");
  return is_roots && (failure.kind == FailureKind::rot || failure.kind == FailureKind::doubt ||
                      failure.kind == FailureKind::unverified);
}

class HostileUsers : public BetweenUsers {
 protected:
  void SetUp() override {
    BetweenUsers::SetUp();
    if (IsSkipped()) return;
    for (const char* place : {"home", "shared", "root", "root/bin", "root/public", "root/private"})
      fs::create_directory(source + '/' + place);
    ASSERT_EQ(::chown((source + "/home").c_str(), stranger_id, stranger_id), 0);
    set_mode(source, "shared", 01777);
    set_mode(source, "root/private", 0700);
    for (int i = 0; i < 20; ++i) root_works();
    run_ok(options());
  }

  [[nodiscard]] Options options() const {
    Options how = between(source, destination);
    how.index = index_place::File{ours + "/index"};
    how.deletions = deletion::Unlimited{};
    return how;
  }

  /// For so long, and then until all is as it should be.
  void withstand(std::chrono::seconds time) {
    {
      HostileUser user(source, destination, seed_ ^ 0x5bd1e995);
      const auto end = steady_clock::now() + time;
      std::uint64_t passes = 0;
      while (steady_clock::now() < end && user.success().empty() && !HasFailure()) {
        for (std::uint64_t i = random_.below(6); i > 0; --i) root_works();
        mirror_in_time();
        expect_nothing_of_his_in_roots_files();
        ++passes;
      }
      EXPECT_EQ(user.success(), "");
      user.stop();
      std::cout << passes << " passes beside " << user.deeds() << " deeds and " << user.looks()
                << " looks of his\n";
      EXPECT_GT(user.deeds(), 0U);
      EXPECT_GT(user.looks(), 0U);
    }
    take_away_what_cannot_be_compared();
    let_age(source);
    let_age(destination);
    run_pass(options());
    let_age(source);
    run_ok(options());
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    expect_nothing_of_his_in_roots_files();
  }

 private:
  /// Of root's own: always a new inode, made where nobody else sees it.
  void put_file(const std::string& path, const std::string& content, std::uint32_t mode) const {
    const std::string beside = ours + "/new";
    fs::remove(beside);
    std::ofstream{beside, std::ios::binary} << content;
    ASSERT_EQ(::chmod(beside.c_str(), mode), 0);
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(path, error))) fs::remove_all(path, error);
    fs::rename(beside, path, error);
  }

  [[nodiscard]] std::size_t any_size() {
    return random_.one_in(3) ? 200'000 : 30 + random_.below(5000);
  }

  void root_works() {
    const std::string number = std::to_string(random_.below(12));
    const std::uint64_t serial = ++serial_;
    switch (random_.below(8)) {
      case 0:
        return put_file(source + "/root/public/p" + number,
                        content_of(public_mark, serial, any_size()), 0644);
      case 1:
        return put_file(source + "/root/private/s" + number,
                        content_of(secret_mark, serial, any_size()), 0644);
      case 2:  // in his own folder, among his names
        return put_file(source + "/home/n" + number, content_of(secret_mark, serial, any_size()),
                        0600);
      case 3:
        return put_file(source + "/shared/n" + number, content_of(secret_mark, serial, any_size()),
                        0600);
      case 4: {  // a program with bytes that he may have had before
        const std::string model = source + "/root/public/p" + number;
        if (fs::exists(model)) put_file(source + "/root/bin/b" + number, read_whole(model), 04755);
        return;
      }
      case 5: {  // what was for all is not any more, and its content is another soon
        std::error_code error;
        const std::string path = source + "/root/public/p" + number;
        if (fs::exists(path)) ::chmod(path.c_str(), 0600);
        fs::rename(path, source + "/root/private/s" + number, error);
        return;
      }
      case 6: {
        std::error_code error;
        fs::remove(source + "/root/bin/b" + number, error);
        return;
      }
      default: {
        std::error_code error;
        fs::remove_all(source + "/home/n" + number, error);
        return;
      }
    }
  }

  Options any_options() {
    Options how = options();
    if (random_.one_in(4)) how.index = index_place::None{};
    how.in_place = random_.one_in(4);
    how.rehash = random_.one_in(6);
    how.verify = random_.one_in(6);
    how.keep_partial_from = std::uint64_t{1} << 16U;
    return how;
  }

  // A stop now and then leaves what is begun.
  void mirror_in_time() {
    std::stop_source stop;
    const std::uint64_t stops_at = random_.one_in(5) ? random_.below(30) : ~std::uint64_t{0};
    std::uint64_t events = 0;
    const auto began = steady_clock::now();
    try {
      const Pass pass = run_pass(
          any_options(),
          [&](const Event& /*event*/) {
            if (++events == stops_at) stop.request_stop();
          },
          stop.get_token());
      EXPECT_FALSE(pass.summary.given_up);
      for (const Failure& failure : pass.failures)
        EXPECT_FALSE(is_suspect(failure)) << in_codes(failure);
    } catch (const Unusable& refusal) {
      ADD_FAILURE() << "he has kept root from mirroring: " << refusal.what();
    }
    EXPECT_LT(steady_clock::now() - began, longest_pass);
  }

  void expect_nothing_of_his_in_roots_files() const {
    std::error_code error;
    for (fs::recursive_directory_iterator at{destination, error}, end; at != end;
         at.increment(error)) {
      if (error) break;
      struct stat status {};
      if (::lstat(at->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
          status.st_uid != 0 || status.st_size > 1'000'000 ||
          name_of(at->path().string()).starts_with(".syncline-"))
        continue;
      EXPECT_TRUE(is_whole(read_whole(at->path()))) << at->path();
    }
  }

  // Giants, and the names that are never mirrored, lest temporaries be.
  void take_away_what_cannot_be_compared() const {
    std::vector<fs::path> those;
    for (const auto& each : fs::recursive_directory_iterator{source}) {
      const bool is_file = each.symlink_status().type() == fs::file_type::regular;
      if (name_of(each.path().string()).starts_with(".syncline-") ||
          (is_file && each.file_size() > 1'000'000))
        those.push_back(each.path());
    }
    for (const fs::path& each : those) fs::remove_all(each);
  }

  const std::uint64_t seed_ = announced_seed();
  Random random_{seed_};
  std::uint64_t serial_ = 0;
};

TEST_P(HostileUsers, gain_nothing_in_a_moment) {
  withstand(std::chrono::seconds{2});
}

class LongHostileUsers : public HostileUsers {};

TEST_P(LongHostileUsers, gain_nothing_in_five_minutes) {
  withstand(std::chrono::minutes{5});
}

INSTANTIATE_TEST_SUITE_P(On, HostileUsers, disks_of_attacks(), name_of_disk);
INSTANTIATE_TEST_SUITE_P(On, LongHostileUsers, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
