// Times of any year: what a file system can hold is mirrored, remembered and told as it is.
//
// SPDX-License-Identifier: MIT
#include "model/proof.h"
#include "support/index.h"
#include "support/two_roots.h"

#include "syncline/timestamp.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Limits = std::numeric_limits<std::int64_t>;

constexpr Timestamp year_1601{.seconds = -11'644'473'600, .nanoseconds = 100};
constexpr Timestamp year_2413{.seconds = 14'000'000'000, .nanoseconds = 7};
constexpr Timestamp year_9999{.seconds = 253'402'300'799, .nanoseconds = 999'999'999};

TEST(Timestamps, are_counts_of_nanoseconds_as_far_as_these_reach) {
  for (const std::int64_t count_ns :
       {Limits::min(), Limits::min() + 1, std::int64_t{-1'000'000'001}, std::int64_t{-1},
        std::int64_t{0}, std::int64_t{999'999'999}, default_mtime_ns, Limits::max()}) {
    const Timestamp time = timestamp_of(count_ns);
    EXPECT_LT(time.nanoseconds, 1'000'000'000U);
    EXPECT_EQ(nanoseconds_of(time), count_ns);
  }
  EXPECT_EQ(timestamp_of(-1), (Timestamp{.seconds = -1, .nanoseconds = 999'999'999}));
  Timestamp after = timestamp_of(Limits::max());
  ++after.nanoseconds;
  EXPECT_EQ(nanoseconds_of(after), std::nullopt);
  Timestamp before = timestamp_of(Limits::min());
  --before.nanoseconds;
  EXPECT_EQ(nanoseconds_of(before), std::nullopt);
  EXPECT_EQ(nanoseconds_of(year_2413), std::nullopt);
  EXPECT_EQ(nanoseconds_of({.seconds = Limits::min()}), std::nullopt);
  EXPECT_EQ(nanoseconds_of({.seconds = Limits::max()}), std::nullopt);
}

TEST(Timestamps, are_compared_however_far_they_lie_apart) {
  const Timestamp first{.seconds = Limits::min()};
  const Timestamp last{.seconds = Limits::max(), .nanoseconds = 999'999'999};
  EXPECT_LT(first, year_1601);
  EXPECT_LT(year_9999, last);
  EXPECT_FALSE(is_kept_as(last, first));
  EXPECT_FALSE(is_kept_as(first, last));
  EXPECT_FALSE(is_within(first, last, std::numeric_limits<std::uint32_t>::max()));
  EXPECT_TRUE(is_within(last, last, 0));
  EXPECT_TRUE(is_kept_as(year_9999, {.seconds = year_9999.seconds - 1}));
  EXPECT_FALSE(is_kept_as(year_9999, {.seconds = year_9999.seconds - 2}));
}

class TimesOfAnyYear : public TwoRoots {
 protected:
  const Tree tree{file("1601", "one").mtime(year_1601),
                  file("2413", "two").mtime(year_2413),
                  file("9999", "three").mtime(year_9999),
                  file("large", std::string(9 << 20, 'l')).mtime(year_2413),
                  folder("folder").mtime(year_2413),
                  file("folder/now", "four"),
                  symlink("link", "1601").mtime(year_9999),
                  file("linked", "five").mtime(year_2413),
                  hard_link("again", "linked")};
};

TEST_F(TimesOfAnyYear, are_mirrored_to_the_nanosecond) {
  given_source(tree);
  Options how = options();
  how.index = index_place::None{};
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), tree));
  EXPECT_EQ(run_pass(how).actions.size(), 0U);
}

TEST_F(TimesOfAnyYear, are_remembered) {
  given_source(tree);
  const std::string index = home / "index";
  Options how = options();
  how.index = index_place::File{index};
  EXPECT_EQ(run_ok(how).summary.created.entries, tree.size());
  EXPECT_TRUE(same(snapshot(destination), tree));
  let_age(home.path());
  const Stamps before = stamps(destination);
  run_ok(how);
  const Pass third = run_ok(how);
  EXPECT_EQ(third.actions.size(), 0U);
  EXPECT_EQ(third.summary.proved.entries, 0U);
  EXPECT_TRUE(untouched(before, stamps(destination)));
  EXPECT_TRUE(claims_nothing_false(index, source, destination));
  // What ordinary files cost stays what it was: one number.
  EXPECT_EQ(number_in_index(index,
                            "SELECT count(*) FROM file WHERE typeof(source_mtime) = 'blob' "
                            "AND length(source_mtime) = 12 AND name <> 'now'"),
            number_in_index(index, "SELECT count(*) - 1 FROM file"));
  EXPECT_EQ(number_in_index(index,
                            "SELECT count(*) FROM file WHERE typeof(source_mtime) = "
                            "'integer' AND CAST(name AS TEXT) = 'now'"),
            1);
}

TEST_F(TimesOfAnyYear, that_move_by_five_centuries_have_moved) {
  // The two are one and the same to whoever keeps 64 bits of nanoseconds.
  constexpr Timestamp now{.seconds = 1'600'000'000, .nanoseconds = 5};
  constexpr Timestamp wrapped{.seconds = 1'600'000'000 + 18'446'744'073,
                              .nanoseconds = 5 + 709'551'616};
  given_source({file("file", "text").mtime(now)});
  Options how = options();
  how.index = index_place::File{home / "index"};
  run_ok(how);
  set_mtime(source, "file", wrapped);
  run_ok(how);
  EXPECT_EQ(snapshot(destination).at("file").modified, wrapped);
}

TEST_F(TimesOfAnyYear, decide_which_file_is_newer) {
  given_source({file("late", "new").mtime(year_2413), file("early", "new").mtime(year_1601)});
  given_destination({file("late", "old!"), file("early", "old!")});
  Options how = options();
  how.transfer.update = true;
  run_ok(how);
  EXPECT_EQ(snapshot(destination).at("late").content, "new");
  EXPECT_EQ(snapshot(destination).at("early").content, "old!");
}

TEST_F(TimesOfAnyYear, decide_which_file_is_copied_first) {
  given_source({file("a", std::string(200'000, 'a')).mtime(year_1601),
                file("b", std::string(200'000, 'b')).mtime(year_9999),
                file("c", std::string(200'000, 'c')).mtime(year_2413)});
  Options how = options();
  how.order = Order::newest;
  how.io_threads = 1;
  how.threads = 1;
  std::vector<std::string> order;
  for (const Action& action : run_ok(how).actions)
    if (action.kind == Kind::file) order.push_back(action.path);
  EXPECT_EQ(order, (std::vector<std::string>{"b", "c", "a"}));
}

}  // namespace
}  // namespace syncline::test
