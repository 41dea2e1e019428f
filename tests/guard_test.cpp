// Whether deletions are held back, from the counts alone.
//
// SPDX-License-Identifier: MIT
#include "judge/guard.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace syncline::engine {
namespace {

constexpr std::uint64_t gibibyte = 1ULL << 30U;

Deletions of(std::uint64_t wanted, std::uint64_t held, Contact contact = Contact::known) {
  Deletions deletions;
  deletions.wanted = {.entries = wanted, .bytes = wanted};
  deletions.held = {.entries = held, .bytes = held};
  deletions.contact = contact;
  return deletions;
}

bool holds(const DeletionPolicy& policy, const Deletions& deletions) {
  return why_held_back(policy, deletions).has_value();
}
bool holds(const Deletions& deletions) {
  return holds(deletion::Guarded{}, deletions);
}

TEST(Guard, lets_nothing_go_unjudged_but_nothing) {
  for (const Contact contact :
       {Contact::known, Contact::first, Contact::unremembered, Contact::lenient})
    EXPECT_FALSE(holds(of(0, 10, contact)));
}

TEST(Guard, of_a_known_pair_lets_a_quarter_go) {
  EXPECT_FALSE(holds(of(250, 1000)));
  EXPECT_TRUE(holds(of(251, 1000)));
  EXPECT_FALSE(holds(of(99, 100))) << "fewer than 100 go in any case";
  EXPECT_TRUE(holds(of(100, 100)));
  Deletions large = of(1, 1000);
  large.wanted.bytes = gibibyte;
  large.held.bytes = 2 * gibibyte;
  EXPECT_TRUE(holds(large)) << "a quarter of the bytes, too";
  large.wanted.bytes = gibibyte - 1;
  EXPECT_FALSE(holds(large));
}

TEST(Guard, counts_what_went_within_a_day) {
  Deletions slice = of(100, 800);
  EXPECT_FALSE(holds(slice));
  slice.removed = {.entries = 151, .bytes = 151};
  EXPECT_TRUE(holds(slice));
  slice.removed = {.entries = 100, .bytes = 100};
  EXPECT_FALSE(holds(slice));
  slice.removed = {.entries = 125, .bytes = 125};
  EXPECT_FALSE(holds(slice)) << "a quarter of what there was a day ago";
}

TEST(Guard, of_strangers_lets_a_tenth_go_and_no_hundred) {
  for (const Contact contact : {Contact::first, Contact::unremembered}) {
    EXPECT_FALSE(holds(of(1, 10, contact)));
    EXPECT_TRUE(holds(of(2, 10, contact)));
  }
  EXPECT_FALSE(holds(of(99, 100, Contact::lenient)));
  EXPECT_TRUE(holds(of(100, 100, Contact::lenient)));
}

TEST(Guard, holds_all_back_where_strangers_meet_an_empty_source) {
  Deletions all = of(1, 1000, Contact::first);
  all.has_empty_source = true;
  EXPECT_TRUE(holds(all));
  all.contact = Contact::known;
  EXPECT_FALSE(holds(all));
}

TEST(Guard, is_lifted_by_asking_but_not_at_first) {
  EXPECT_FALSE(holds(deletion::Unlimited{}, of(1000, 1000)));
  EXPECT_FALSE(holds(deletion::Unlimited{}, of(1000, 1000, Contact::unremembered)));
  EXPECT_TRUE(holds(deletion::Unlimited{}, of(1000, 1000, Contact::first)));
  EXPECT_FALSE(holds(deletion::Unlimited{}, of(100, 1000, Contact::first)));
}

TEST(Guard, takes_a_number_for_what_it_says) {
  for (const Contact contact : {Contact::known, Contact::first}) {
    EXPECT_FALSE(holds(deletion::AtMostEntries{5}, of(5, 5, contact)));
    EXPECT_TRUE(holds(deletion::AtMostEntries{5}, of(6, 1000, contact)));
    EXPECT_FALSE(holds(deletion::AtMostPercent{50}, of(5, 10, contact)));
    EXPECT_TRUE(holds(deletion::AtMostPercent{50}, of(6, 10, contact)));
  }
  EXPECT_FALSE(holds(deletion::None{}, of(10, 10)));
}

TEST(Guard, says_how_much_would_go_with_examples_and_a_way_out) {
  Deletions deletions = of(300, 1000, Contact::first);
  deletions.examples = {"a", "b"};
  deletions.nested = "/backup/photos";
  const auto why = why_held_back(deletion::Guarded{}, deletions);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->code, HeldCode::first_pass);
  EXPECT_EQ(why->wanted.entries, 300U);
  EXPECT_EQ(why->held.entries, 1000U);
  EXPECT_EQ(why->examples, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(why->nested, "/backup/photos");
  EXPECT_TRUE(why->needs_limit);
}

}  // namespace
}  // namespace syncline::engine
