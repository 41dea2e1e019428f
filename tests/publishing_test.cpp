// When finished copies get their names: soon, also while others are under way, and when a stop
// comes between.
//
// SPDX-License-Identifier: MIT
#include "support/bent_kernel.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include "syncline/progress.h"

#include <linux/magic.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A disk that keeps files until they are flushed, and tells of each call before it is made.
class Disk : public BentKernel {
 public:
  explicit Disk(std::function<void(Call)> seen = {}, std::uint32_t type = EXT4_SUPER_MAGIC)
      : seen_(std::move(seen)) {
    pretend_type(type);
  }

  int before(Call call) override {
    if (seen_) seen_(call);
    return BentKernel::before(call);
  }

 private:
  const std::function<void(Call)> seen_;
};

/// ext4's copies wait without a name, FUSE's with a temporary's, and are flushed one by one.
constexpr std::uint32_t fuse_magic = 0x65735546;

class Publishing : public TwoRoots, public testing::WithParamInterface<std::uint32_t> {
 protected:
  static constexpr std::uint64_t rate = 4U << 20U;
  static constexpr int small_files = 50;

  /// Small files, and a large one that takes a minute.
  Publishing() {
    Tree tree{file("large", std::string(16 * rate, 'l'))};
    for (int i = 0; i < small_files; ++i) tree.put(file(small(i), "small"));
    given_source(tree);
    given_destination({file(small(0), "older")});
  }

  [[nodiscard]] static std::string small(int i) { return "small" + std::to_string(i); }
  [[nodiscard]] Options slow() const {
    Options how = options();
    how.bytes_per_second = rate;
    how.order = Order::smallest;
    how.keep_partial_from.reset();
    return how;
  }
  [[nodiscard]] Tree all_small() const {
    Tree tree = snapshot(source);
    tree.remove("large");
    return tree;
  }
};

TEST_P(Publishing, does_not_wait_for_a_large_file) {
  const Disk disk{{}, GetParam()};
  std::set<std::string> created;
  std::stop_source stop;
  const auto began = Clock::now();
  Clock::time_point published{};
  const Pass pass = run_pass(
      slow(),
      [&](const Event& event) {
        const auto* action = std::get_if<Action>(&event);
        if (action == nullptr || !action->path.starts_with("small")) return;
        created.insert(action->path);
        if (created.size() < small_files) return;
        published = Clock::now();
        stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(pass.status(), Status::stopped);
  EXPECT_EQ(created.size(), small_files);
  EXPECT_LE(published - began, 8s);  // 2, on a machine that is not busy
  const Tree expected = all_small();
  const Tree found = snapshot(destination);
  for (int i = 0; i < small_files; ++i) EXPECT_EQ(found.at(small(i)), expected.at(small(i)));
}

// The large one's bytes come after the small ones', and slowly.
TEST_P(Publishing, of_what_is_finished_is_part_of_a_stop) {
  std::atomic<int> writes{0};
  std::stop_source stop;
  const Disk disk{[&](Call call) {
                    constexpr int of_the_large_one = 3;
                    if (call == Call::write && ++writes == small_files + of_the_large_one)
                      stop.request_stop();
                  },
                  GetParam()};
  const auto began = Clock::now();
  const Pass pass = run_pass(slow(), {}, stop.get_token());
  EXPECT_LE(Clock::now() - began, 8s);
  EXPECT_EQ(pass.status(), Status::stopped);
  EXPECT_EQ(pass.actions.size(), small_files);
  Tree found = snapshot(destination);
  EXPECT_EQ(found.size(), all_small().size());
  EXPECT_EQ(found.at(small(0)), all_small().at(small(0)));
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(On, Publishing,
                         testing::Values(std::uint32_t{EXT4_SUPER_MAGIC}, fuse_magic),
                         [](const auto& each) {
                           return each.param == fuse_magic ? "fuse" : "ext4";
                         });

class Waiting : public TwoRoots {
 protected:
  [[nodiscard]] Options remembering() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }
};

// Whoever reads waits for a flush of the source; whoever writes does not.
TEST_F(Waiting, for_one_flush_holds_up_no_other_copy) {
  constexpr int copies = 100;
  constexpr unsigned workers = 4;
  const std::string content(60'000, 'x');  // some travel together, most do not
  Tree tree{file("0 same", content)};
  for (int i = 0; i < copies; ++i) tree.put(file("new" + std::to_string(i), content));
  given_source(tree);
  given_destination({file("0 same", content)});
  let_age(source);  // what is too young is not proved, and so not flushed
  std::mutex mutex;
  std::condition_variable changed;
  int writes = 0;
  bool was_flushed = false;
  bool went_on = false;
  const Disk disk{[&](Call call) {
    std::unique_lock lock{mutex};
    if (call == Call::write) ++writes;
    changed.notify_all();
    if (call != Call::flush_filesystem || std::exchange(was_flushed, true)) return;
    // More than were begun by then.
    const int enough = writes + 2 * static_cast<int>(workers);
    went_on = changed.wait_for(lock, 20s, [&] { return writes >= enough; });
  }};
  Options how = remembering();
  how.order = Order::by_name;
  how.io_threads = workers;
  how.bytes_per_second = 4U << 20U;  // so that most are still to come
  run_ok(how);
  EXPECT_TRUE(was_flushed);
  EXPECT_TRUE(went_on);
}

/// Stamps of whole seconds.
class CoarseClock : public BentKernel {
 public:
  CoarseClock() { tick_every(1'000'000'000); }
};

TEST_F(Waiting, for_the_clock_ends_with_a_stop_and_hides_no_change) {
  given_source({file("a", "one"), file("b", "two"), hard_link("c", "b")});
  const CoarseClock clock;
  std::stop_source stop;
  const Pass pass = run_pass(
      remembering(),
      [&](const Event& event) {
        const auto* action = std::get_if<Action>(&event);
        if (action != nullptr && action->path == "c") stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(pass.actions.size(), 4);
  EXPECT_LT(pass.summary.elapsed, 700ms);
  overwrite_unseen(destination, "a", "ONE");
  overwrite_unseen(destination, "b", "TWO");
  const Pass next = run_ok(remembering());
  EXPECT_NE(next.action_at("a"), nullptr);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Waiting, for_the_clock_is_still_done_where_nobody_asks_to_stop) {
  given_source({file("a", "one")});
  const CoarseClock clock;
  EXPECT_GT(run_ok(remembering()).summary.elapsed, 500ms);
}

class Told : public TwoRoots {
 protected:
  Told() { given_destination({}); }

  /// How far a pass was, each time that such a call was about to be made.
  [[nodiscard]] std::vector<Progress> at_each(Call call, const Options& how) const {
    ProgressProbe probe;
    std::mutex mutex;
    std::vector<Progress> all;
    const Disk disk{[&](Call made) {
      if (made != call) return;
      const auto now = probe.sample();
      const std::scoped_lock lock{mutex};
      if (now) all.push_back(*now);
    }};
    Recorder recorder([&](const Event&) { all_told = probe.sample().value_or(Progress{}); });
    EXPECT_EQ(mirror(how, recorder, {}, &probe).status(), Status::done);
    return all;
  }

  static constexpr std::uint64_t bytes = 3'000'000;
  mutable Progress all_told;  ///< when the last thing was
};

TEST_F(Told, is_that_a_copy_is_not_done_before_it_is_flushed_and_read_back) {
  given_source({file("large", std::string(bytes, 'l'))});
  Options how = options();
  for (const bool verify : {false, true}) {
    how.verify = verify;
    if (exists(destination, "large")) remove(destination, "large");
    const auto flushes = at_each(Call::flush, how);
    ASSERT_FALSE(flushes.empty());
    EXPECT_EQ(flushes.front().done.bytes, bytes);
    EXPECT_EQ(flushes.front().to_secure, verify ? 2 * bytes : bytes);
    EXPECT_EQ(flushes.front().secured, 0);
    EXPECT_EQ(flushes.front().verifies, verify);
    EXPECT_EQ(all_told.secured, all_told.to_secure);
  }
}

TEST_F(Told, is_a_large_file_that_is_under_way) {
  given_source({file("large", std::string(bytes, 'l')), file("small", "s")});
  Options how = options();
  how.verify = true;
  const auto reads = at_each(Call::write, how);
  EXPECT_TRUE(std::ranges::any_of(reads, [](const Progress& now) { return now.path == "large"; }));
  EXPECT_EQ(all_told.path, "");
}

class GivenUp : public TwoRoots {
 protected:
  /// The whole of what is removed from this is told in one go.
  static constexpr int files = 30;
  GivenUp() {
    given_source({file("kept")});
    Tree old{file("kept")};
    for (int i = 0; i < files; ++i) old.put(file("old" + std::to_string(i)));
    given_destination(old);
  }
  /// A pass whose observer fails when it is told of something removed.
  [[nodiscard]] Summary pass(const Options& how) const {
    class Fails : public Observer {
      void on_event(const Event& event) override {
        const auto* action = std::get_if<Action>(&event);
        if (action != nullptr && action->verb == Verb::remove) throw std::runtime_error("full");
      }
    } observer;
    return mirror(how, observer, {});
  }
};

TEST_F(GivenUp, passes_tell_what_they_deleted) {
  const Summary summary = pass(options());
  EXPECT_EQ(summary.status(), Status::given_up);
  ASSERT_TRUE(summary.given_up);
  EXPECT_EQ(summary.given_up->code, RefusalCode::cannot_go_on);
  EXPECT_EQ(summary.given_up->cause, "full");
  EXPECT_FALSE(summary.stopped);
  EXPECT_GT(summary.removed.entries, 0);
  EXPECT_EQ(summary.removed.entries, files + 2 - snapshot(destination).size());
  EXPECT_EQ(run_ok(options()).summary.removed.entries, files - summary.removed.entries);
}

TEST_F(GivenUp, phases_tell_what_the_first_deleted) {
  Options how = options();
  how.delete_before = true;
  const Summary summary = pass(how);
  EXPECT_EQ(summary.status(), Status::given_up);
  EXPECT_EQ(summary.removed.entries, files + 2 - snapshot(destination).size());
}

// The source's names cannot be read a second time.
TEST_F(GivenUp, phases_tell_what_was_deleted_before_the_second) {
  Refusals kernel;
  kernel.refuse({Refusals::Call::open}, source + "/.", EIO);
  Options how = options();
  how.delete_before = true;
  const Summary summary = run_pass(how).summary;
  EXPECT_EQ(summary.status(), Status::given_up);
  EXPECT_EQ(summary.removed.entries, files);
  EXPECT_TRUE(summary.given_up);
}

}  // namespace
}  // namespace syncline::test
