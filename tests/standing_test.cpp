// What the index's word about a file is worth, from values alone.
//
// SPDX-License-Identifier: MIT
#include "judge/standing.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace syncline::engine {
namespace {

Entry entry(std::uint64_t inode, std::int64_t mtime_s = 100, std::int64_t ctime_s = 200) {
  Entry entry;
  entry.identity = {.id = {.device = 1, .inode = inode},
                    .size = 5,
                    .mtime = {.seconds = mtime_s, .nanoseconds = 7},
                    .ctime = {.seconds = ctime_s, .nanoseconds = 9}};
  return entry;
}

/// A pair of which everything is known, and as it is known.
struct Known {
  Entry source = entry(11);
  Entry destination = entry(22);
  Remembered row{.source = entry(11).identity,
                 .destination = entry(22).identity,
                 .fingerprint = Fingerprint{},
                 .source_proved = true,
                 .destination_proved = true};

  [[nodiscard]] Standing standing(const Trust& trust = {}) const {
    return standing_of(&row, source, destination, trust);
  }
};

TEST(StandingOf, a_proof_holds_while_neither_side_moved) {
  EXPECT_EQ(Known{}.standing(), Standing::proved);
  EXPECT_EQ(Known{}.standing({.mtime = true, .size = true, .mtime_window_s = {}}),
            Standing::proved);
}

TEST(StandingOf, any_part_of_an_identity_that_moved_moves_its_side) {
  for (const bool is_of_source : {true, false}) {
    const Standing expected = is_of_source ? Standing::source_moved : Standing::destination_moved;
    for (int part = 0; part < 4; ++part) {
      Known pair;
      Identity& now = (is_of_source ? pair.source : pair.destination).identity;
      if (part == 0) ++now.id.inode;
      if (part == 1) ++now.mtime.nanoseconds;
      if (part == 2) ++now.ctime.nanoseconds;
      if (part == 3) --now.ctime.seconds;
      EXPECT_EQ(pair.standing(), expected) << part;
    }
  }
  Known pair;
  ++pair.source.identity.ctime.seconds;
  ++pair.destination.identity.ctime.seconds;
  EXPECT_EQ(pair.standing(), Standing::both_moved);
}

TEST(StandingOf, a_device_number_is_no_part_of_it) {
  Known pair;
  ++pair.source.identity.id.device;
  ++pair.destination.identity.id.device;
  EXPECT_EQ(pair.standing(), Standing::proved);
}

TEST(StandingOf, weak_stamps_count_for_size_and_mtime_alone) {
  Known pair;
  ++pair.source.identity.id.inode;
  ++pair.source.identity.ctime.seconds;
  EXPECT_EQ(pair.standing({.source = IdentityRule::size_and_mtime, .mtime_window_s = {}}),
            Standing::proved);
  EXPECT_EQ(pair.standing({.destination = IdentityRule::size_and_mtime, .mtime_window_s = {}}),
            Standing::source_moved);
  ++pair.source.identity.mtime.seconds;
  EXPECT_EQ(pair.standing({.source = IdentityRule::size_and_mtime, .mtime_window_s = {}}),
            Standing::source_moved);
}

TEST(StandingOf, a_side_whose_stamps_prove_nothing_is_read_once_more) {
  Known pair;
  pair.row.source_proved = false;
  EXPECT_EQ(pair.standing(), Standing::source_unsure);
  pair.row.destination_proved = false;
  EXPECT_EQ(pair.standing(), Standing::both_unsure);
  pair.row.source_proved = true;
  EXPECT_EQ(pair.standing(), Standing::destination_unsure);
  // The one that moved is to be read against the other, which proves nothing.
  ++pair.source.identity.ctime.seconds;
  EXPECT_EQ(pair.standing(), Standing::both_moved);
  Known other;
  other.row.source_proved = false;
  ++other.destination.identity.ctime.seconds;
  EXPECT_EQ(other.standing(), Standing::both_moved);
}

TEST(StandingOf, what_was_never_read_is_unsure_and_what_is_not_known_unknown) {
  Known pair;
  pair.row.fingerprint.reset();
  EXPECT_EQ(pair.standing(), Standing::both_unsure);
  ++pair.source.identity.ctime.seconds;
  EXPECT_EQ(pair.standing(), Standing::unknown);
  EXPECT_EQ(standing_of(nullptr, pair.source, pair.destination, {}), Standing::unknown);
}

TEST(StandingOf, rot_stays_until_size_or_mtime_move) {
  Known pair;
  pair.row.is_rotten = true;
  EXPECT_EQ(pair.standing(), Standing::rotten);
  ++pair.source.identity.ctime.seconds;  // a chmod heals nothing
  EXPECT_EQ(pair.standing(), Standing::rotten);
  EXPECT_EQ(pair.standing({.adopt = true, .mtime = true, .size = true, .mtime_window_s = {}}),
            Standing::rotten);
  ++pair.source.identity.mtime.seconds;
  EXPECT_EQ(pair.standing(), Standing::source_moved);
}

TEST(StandingOf, to_read_everything_comes_before_all) {
  Known pair;
  pair.row.is_rotten = true;
  EXPECT_EQ(pair.standing(
                {.rehash = true, .adopt = true, .mtime = true, .size = true, .mtime_window_s = {}}),
            Standing::asked);
}

TEST(StandingOf, adopting_takes_times_where_there_is_no_proof) {
  Known pair;
  EXPECT_EQ(
      standing_of(nullptr, pair.source, pair.destination, {.adopt = true, .mtime_window_s = {}}),
      Standing::accepted);
  ++pair.source.identity.ctime.seconds;
  EXPECT_EQ(pair.standing({.adopt = true, .mtime_window_s = {}}), Standing::source_moved)
      << "the index knows better";
  EXPECT_EQ(pair.standing({.mtime = true, .mtime_window_s = {}}), Standing::accepted);
  ++pair.source.identity.mtime.seconds;
  EXPECT_EQ(pair.standing({.mtime = true, .mtime_window_s = {}}), Standing::source_moved);
  EXPECT_EQ(pair.standing({.mtime = true, .mtime_window_s = 1}), Standing::accepted);
  EXPECT_EQ(pair.standing({.mtime = true, .size = true, .mtime_window_s = {}}),
            Standing::same_size);
}

TEST(StandingOf, times_that_a_file_system_rounds_are_those_that_it_had) {
  Known pair;
  pair.destination.identity.mtime.nanoseconds = 0;
  pair.row.destination.mtime.nanoseconds = 0;
  ++pair.source.identity.ctime.seconds;
  EXPECT_EQ(pair.standing({.mtime = true, .mtime_window_s = {}}), Standing::accepted);
  ++pair.destination.identity.mtime.seconds;
  EXPECT_EQ(pair.standing({.mtime = true, .mtime_window_s = {}}), Standing::both_moved);
}

TEST(StandingOf, tells_what_to_read) {
  EXPECT_EQ(reads_for(Standing::source_moved), Reads::source);
  EXPECT_EQ(reads_for(Standing::source_unsure), Reads::source);
  EXPECT_EQ(reads_for(Standing::destination_moved), Reads::destination);
  EXPECT_EQ(reads_for(Standing::destination_unsure), Reads::destination);
  for (const Standing standing : {Standing::unknown, Standing::both_moved, Standing::both_unsure,
                                  Standing::rotten, Standing::asked})
    EXPECT_EQ(reads_for(standing), Reads::both);
  for (const Standing standing : {Standing::proved, Standing::accepted, Standing::same_size})
    EXPECT_TRUE(is_same(standing));
}

TEST(WhyRead, names_what_moved_first) {
  using reason::Stamp;
  const auto moved = [](Stamp first) {
    return Reason{ReasonCode::source_moved, reason::Moved{.source = first}};
  };
  const Known pair;
  Identity source = pair.source.identity;
  const auto why = [&](Standing standing) {
    return why_read(standing, pair.row, source, pair.destination.identity);
  };
  ++source.ctime.seconds;
  EXPECT_EQ(why(Standing::source_moved), moved(Stamp::ctime));
  ++source.mtime.seconds;
  EXPECT_EQ(why(Standing::source_moved), moved(Stamp::mtime));
  ++source.id.inode;
  EXPECT_EQ(why(Standing::source_moved), moved(Stamp::inode));
  EXPECT_EQ(why(Standing::both_moved),
            (Reason{ReasonCode::both_moved,
                    reason::Moved{.source = Stamp::inode, .destination = Stamp::ctime}}));
  EXPECT_EQ(why(Standing::unknown), Reason{ReasonCode::unknown});
  EXPECT_EQ(why(Standing::asked), Reason{ReasonCode::asked});
}

}  // namespace
}  // namespace syncline::engine
