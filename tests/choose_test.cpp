// Which passes an undo takes back.
//
// SPDX-License-Identifier: MIT
#include "taking_back/choose.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace syncline::engine {
namespace {

using kept::PassRow;
using Ids = std::vector<std::int64_t>;

PassRow pass(std::int64_t id, std::int64_t undone_by = 0) {
  return {.id = id, .name = "p" + std::to_string(id), .undone_by = undone_by, .created = 1};
}

PassRow undo(std::int64_t id, std::int64_t undone_by = 0) {
  return {.id = id,
          .name = "u" + std::to_string(id),
          .is_undo = true,
          .undone_by = undone_by,
          .removed = 1};
}

PassRow empty(std::int64_t id) {
  return {.id = id, .name = "e" + std::to_string(id)};
}

Ids ids(const std::vector<PassRow>& passes) {
  Ids ids;
  for (const PassRow& each : passes) ids.push_back(each.id);
  return ids;
}

Ids named(const std::vector<PassRow>& passes, const std::string& name) {
  return ids(choose_named(passes, name).value());
}

TEST(Choose, takes_the_last_pass_in_effect) {
  EXPECT_EQ(ids(choose_last({pass(2), pass(1)})), Ids{2});
  EXPECT_EQ(ids(choose_last({undo(3), pass(2, 3), pass(1)})), Ids{1});
  EXPECT_EQ(ids(choose_last({undo(2), pass(1, 2)})), Ids{});
}

TEST(Choose, goes_on_to_one_that_changed_something) {
  EXPECT_EQ(ids(choose_last({empty(4), empty(3), pass(2), pass(1)})), (Ids{4, 3, 2}));
  EXPECT_EQ(ids(choose_last({empty(1)})), Ids{1});
}

TEST(Choose, takes_what_came_after_the_one_that_is_named) {
  EXPECT_EQ(named({pass(3), pass(2), pass(1)}, "p2"), (Ids{3, 2}));
  EXPECT_EQ(named({undo(4), pass(3, 4), pass(2), pass(1)}, "p2"), Ids{2});
  EXPECT_EQ(named({undo(2), pass(1, 2)}, "p1"), Ids{});
  EXPECT_FALSE(choose_named({pass(1)}, "other"));
}

// Two passes were taken back one after the other: between them lies nothing that ever was.
TEST(Choose, takes_later_undos_with_one_that_is_named) {
  EXPECT_EQ(named({undo(4), undo(3), pass(2, 3), pass(1, 4)}, "u3"), (Ids{4, 3}));
  EXPECT_EQ(named({undo(4), undo(3), pass(2, 3), pass(1, 4)}, "u4"), Ids{4});
}

TEST(Choose, lets_alone_what_came_and_went_since_the_one_that_is_named) {
  EXPECT_EQ(named({undo(4), pass(3, 4), undo(2), pass(1, 2)}, "u2"), Ids{2});
}

}  // namespace
}  // namespace syncline::engine
