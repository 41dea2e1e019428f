// What a program has of memory, descriptors and mappings after many passes over a tree in which
// files come, go and change between them: as much as after a few.
//
// SPDX-License-Identifier: MIT
#include "support/sanitizers.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mib = 1U << 20U;

std::uint64_t resident() {
  constexpr std::uint64_t page = 4096;
  std::uint64_t all = 0;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return pages * page;
}

std::uint64_t descriptors() {
  const fs::directory_iterator open{"/proc/self/fd"};
  return static_cast<std::uint64_t>(std::distance(begin(open), end(open)));
}

std::uint64_t mappings() {
  std::ifstream maps("/proc/self/maps");
  return static_cast<std::uint64_t>(std::count(std::istreambuf_iterator<char>{maps}, {}, '\n'));
}

/// A tree whose size stays about the same, whatever becomes of its files.
class Churn {
 public:
  Churn(std::string root, std::size_t files, unsigned seed)
      : root_(std::move(root)), random_(seed) {
    std::cout << "seed " << seed << '\n';
    for (std::size_t i = 0; i < folders; ++i)
      fs::create_directories(root_ + "/" + std::to_string(i));
    for (std::size_t i = 0; i < files; ++i) add();
  }

  /// So many files are appended to, renamed, removed and made.
  void change(std::size_t files) {
    for (std::size_t i = 0; i < files; ++i) {
      const std::size_t at = below(paths_.size());
      switch (below(4)) {
        case 0:
        case 1:
          append(paths_[at]);
          break;
        case 2: {
          std::string to = fresh();
          fs::rename(paths_[at], to);
          paths_[at] = std::move(to);
          break;
        }
        default:
          fs::remove(paths_[at]);
          std::swap(paths_[at], paths_.back());
          paths_.pop_back();
          add();
      }
    }
  }

 private:
  static constexpr std::size_t folders = 60;

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
  }
  std::string fresh() {
    return root_ + "/" + std::to_string(below(folders)) + "/" + std::to_string(made_++);
  }
  void add() {
    // One in 500 is large enough to travel in chunks.
    constexpr std::size_t large = 4 * mib;
    const std::size_t bytes = below(500) == 0 ? large : below(30'000);
    paths_.push_back(fresh());
    std::ofstream(paths_.back()) << std::string(bytes, static_cast<char>('a' + below(26)));
  }
  void append(const std::string& path) {
    constexpr std::uint64_t most = 8 * mib;
    const std::uint64_t had = fs::file_size(path);
    if (had > most) fs::resize_file(path, had / 2);
    std::ofstream(path, std::ios::app) << std::string(1 + below(5'000), '+');
  }

  const std::string root_;
  std::mt19937_64 random_;
  std::size_t made_ = 0;
  std::vector<std::string> paths_;
};

/// What this process has when no pass is under way.
struct AtRest {
  std::uint64_t resident = test::resident();
  std::uint64_t descriptors = test::descriptors();
  std::uint64_t mappings = test::mappings();
};

class Memory : public TwoRoots {
 protected:
  void SetUp() override {
    if (is_sanitized) GTEST_SKIP() << "a sanitizer's memory grows by itself";
  }

  void pass() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    how.deletions = deletion::Unlimited{};
    run_ok(how);
  }
  /// The last of so many passes leaves this.
  AtRest after(std::size_t passes, Churn& churn) const {
    for (; passes > 0; --passes) {
      churn.change(60);
      pass();
    }
    return {};
  }
};
using LongMemory = Memory;

// Buffers from malloc's arenas: 70 MiB and 80 mappings more.
TEST_F(Memory, is_the_same_after_many_passes) {
  Churn churn{source, 500, 1};
  const AtRest before = after(4, churn);
  const AtRest now = after(30, churn);
  EXPECT_LE(now.resident, before.resident + 16 * mib);
  EXPECT_LE(now.mappings, before.mappings + 10);
  EXPECT_EQ(now.descriptors, before.descriptors);
}

// Else each would have its own from another of malloc's arenas.
TEST_F(Memory, is_not_spread_by_new_threads_for_each_pass) {
  const auto threads = [] {
    std::set<std::string> ids;
    for (const auto& entry : fs::directory_iterator("/proc/self/task"))
      ids.insert(entry.path().filename());
    return ids;
  };
  Churn churn{source, 20, 1};
  const auto pass_in_own_thread = [&] { std::thread([&] { pass(); }).join(); };
  pass_in_own_thread();
  const auto before = threads();
  EXPECT_GT(before.size(), 1);
  for (int i = 0; i < 10; ++i) {
    churn.change(5);
    pass_in_own_thread();
  }
  EXPECT_TRUE(std::ranges::includes(threads(), before));
}

TEST_F(LongMemory, is_the_same_after_5000_passes) {
  Churn churn{source, 4000, std::random_device{}()};
  const AtRest before = after(2000, churn);
  const AtRest now = after(3000, churn);
  EXPECT_LE(now.resident, 80 * mib);
  EXPECT_LE(now.resident, before.resident + 2 * mib);
  EXPECT_LE(now.mappings, before.mappings + 2);
  EXPECT_EQ(now.descriptors, before.descriptors);
}

}  // namespace
}  // namespace syncline::test
