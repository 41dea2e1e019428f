// The power cut at any moment, again and again: every file is whole, old or new, what the index
// claims is true, and the next run completes the mirror. What a run that ended with 0 has made is
// there whenever the power goes.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/cuttable_disk.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/random_tree.h"
#include "support/versions.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace syncline::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

/// Somebody else on that disk, who flushes what he writes. That brings names to the disk early,
/// ours among them, and leaves the data behind that nobody asked for.
class Neighbour {
 public:
  explicit Neighbour(const std::string& path)
      : file_(checked(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), path)),
        thread_([this](const std::stop_token& stop) {
          while (!stop.stop_requested() && ::pwrite(file_.get(), "x", 1, 0) == 1 &&
                 ::fsync(file_.get()) == 0)
            std::this_thread::yield();
        }) {}

 private:
  const Descriptor file_;
  std::jthread thread_;
};

std::string some_megabytes(Random& random) {
  // Around a chunk's size too, and cheap to make: a page of its own, repeated.
  std::string page(4096, '\0');
  for (char& byte : page) byte = static_cast<char>(random.below(256));
  std::string content;
  const std::uint64_t bytes = 1 + random.below(10'000'000);
  while (content.size() < bytes) content += page;
  content.resize(bytes);
  return content;
}

void put_large(Random& random, const std::string& root) {
  const std::string path = "large" + std::to_string(random.below(4));
  if (exists(root, path)) remove(root, path);
  put(file(path, some_megabytes(random)), root);
}

struct Scene {
  KindOfDisk disk;
  bool index_elsewhere;
};

void PrintTo(const Scene& scene, std::ostream* out) {
  PrintTo(scene.disk, out);
  *out << (scene.index_elsewhere ? ", the index elsewhere" : "");
}

class PowerCut : public Cli, public testing::WithParamInterface<Scene> {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
  }

  [[nodiscard]] std::vector<std::string> mirror() const {
    return command({"--partial=100K", "--index=" + index, source, mirrored});
  }

  // Whether the deletions would be held back is not what is asked.
  [[nodiscard]] Exit complete() const {
    return syncline({"--delete", "--partial=100K", "--index=" + index, source, mirrored});
  }

  /// False: the run was faster.
  bool run_and_cut(microseconds usual) {
    const Neighbour neighbour(disk.path() + "/neighbour");
    Process process(mirror());
    const microseconds moment(random.below(static_cast<std::uint64_t>(usual.count()) + 1));
    const auto early = process.wait(std::chrono::duration_cast<std::chrono::milliseconds>(moment));
    disk.cut_power();
    const auto late = early ? early : process.wait(longest_run);
    EXPECT_TRUE(late) << "a run hangs after the cut";
    if (!early && late) {
      // It may have been through just before the cut.
      EXPECT_TRUE(late->status == 0 || late->status == 3 || late->status == 11 ||
                  late->status == 23 || late->status == 25)
          << late->status << ' ' << late->err;
    }
    return !early;
  }

  void expect_nothing_torn_or_false() {
    if (exists(disk.path(), "mirror")) {
      const auto whole = versions.nothing_is_torn_in(snapshot(mirrored));
      EXPECT_TRUE(whole);
      if (!whole) ++torn;
    }
    if (!std::filesystem::exists(index)) return;
    const auto claims = claims_nothing_false(index, source, mirrored);
    EXPECT_TRUE(claims);
    if (!claims) ++false_proofs;
  }

  /// The mirror is made whole, and the power goes as soon as that was said.
  void expect_lasting(const Tree& wanted) {
    // No neighbour, whose flushes would serve us too.
    const Exit done = complete();
    disk.cut_power();
    ASSERT_EQ(done.status, 0) << done.err;
    disk.bring_back();
    const auto kept = same(snapshot(mirrored), wanted);
    EXPECT_TRUE(kept);
    if (!kept) ++lost;
    if (std::filesystem::exists(index)) {
      ASSERT_TRUE(claims_nothing_false(index, source, mirrored));
    }
    const Exit again = syncline({"--index=" + index, source, mirrored});
    ASSERT_EQ(again.status, 0) << again.err;
    ASSERT_TRUE(same(snapshot(mirrored), wanted));
  }

  microseconds time_of_a_first_copy() {
    const auto begin = Clock::now();
    EXPECT_EQ(run(mirror()).status, 0);
    const auto taken = std::chrono::ceil<microseconds>(Clock::now() - begin);
    std::filesystem::remove_all(mirrored);
    std::filesystem::remove(index);
    return taken;
  }

  void cut_many(std::uint64_t entries, int cuts) {
    std::filesystem::remove(source);
    make(random_tree(random, entries), source);
    for (int large = 0; large < 3; ++large) put_large(random, source);
    const microseconds usual = time_of_a_first_copy();
    int in_time = 0;
    for (int cut = 0; cut < cuts; ++cut) {
      SCOPED_TRACE("cut " + std::to_string(cut));
      if (cut % 3 == 0) {
        std::filesystem::remove_all(mirrored);
        std::filesystem::remove(index);
        versions.forget();
      } else {
        change_randomly(random, source, entries / 5);
        put_large(random, source);
      }
      const Tree wanted = snapshot(source);
      versions.add(wanted);
      // Updates are made in a part of the time of a first copy.
      if (run_and_cut(cut % 3 == 0 ? usual : usual / 2)) ++in_time;
      disk.bring_back();
      ASSERT_NO_FATAL_FAILURE(expect_nothing_torn_or_false());
      ASSERT_NO_FATAL_FAILURE(expect_lasting(wanted));
      versions.forget();
      versions.add(wanted);
    }
    std::cout << cuts << " cuts, " << in_time << " of them within a run: torn " << torn
              << ", false proofs " << false_proofs << ", lost after exit 0 " << lost << std::endl;
  }

  const CuttableDisk disk{GetParam().disk};
  const std::string mirrored = disk.path() + "/mirror";
  const std::string index = GetParam().index_elsewhere ? home / "index" : disk.path() + "/index";
  Random random{announced_seed()};
  Versions versions;
  int torn = 0;
  int false_proofs = 0;
  int lost = 0;
};

std::string name_of_scene(const testing::TestParamInfo<Scene>& info) {
  return std::string(info.param.disk.file_system) +
         (info.param.disk.has_write_cache ? "_with_write_cache" : "") +
         (info.param.index_elsewhere ? "_index_elsewhere" : "");
}

constexpr KindOfDisk ext4{.file_system = "ext4", .has_write_cache = false};
constexpr KindOfDisk xfs{.file_system = "xfs", .has_write_cache = false};
constexpr KindOfDisk cached_ext4{.file_system = "ext4", .has_write_cache = true};
constexpr KindOfDisk cached_xfs{.file_system = "xfs", .has_write_cache = true};
constexpr KindOfDisk cached_btrfs{.file_system = "btrfs", .has_write_cache = true};

TEST_P(PowerCut, tears_nothing_and_loses_nothing_that_was_said_to_be_done) {
  cut_many(100, 2);
}

INSTANTIATE_TEST_SUITE_P(Short, PowerCut,
                         testing::Values(Scene{ext4, false}, Scene{xfs, true},
                                         Scene{cached_btrfs, false}),
                         name_of_scene);

class LongPowerCut : public PowerCut {};

TEST_P(LongPowerCut, tears_nothing_and_loses_nothing_that_was_said_to_be_done) {
  cut_many(400, 30);
}

INSTANTIATE_TEST_SUITE_P(Long, LongPowerCut,
                         testing::Values(Scene{ext4, false}, Scene{ext4, true}, Scene{xfs, false},
                                         Scene{xfs, true}, Scene{cached_ext4, false},
                                         Scene{cached_xfs, true}, Scene{cached_btrfs, false},
                                         Scene{cached_btrfs, true}),
                         name_of_scene);

}  // namespace
}  // namespace syncline::test
