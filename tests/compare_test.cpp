// What has to happen to a name, from what both sides hold, as values.
//
// SPDX-License-Identifier: MIT
#include "judge/compare.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace syncline::engine {
namespace {

const Privileges root{.any_owner = true, .capabilities = true, .any_access = true, .groups = {}};
const Means all{.user = root, .holds = {}, .compared = {}};

Entry of(Kind kind) {
  Entry entry;
  entry.kind = kind;
  entry.mode = 0644;
  entry.identity.size = 5;
  entry.identity.mtime = {.seconds = 100, .nanoseconds = 1};
  entry.identity.ctime = {.seconds = 200, .nanoseconds = 1};
  if (kind == Kind::symlink) entry.target = "there";
  return entry;
}

constexpr std::array kinds_there_are{Kind::file,        Kind::folder, Kind::symlink,
                                     Kind::fifo,        Kind::socket, Kind::character_device,
                                     Kind::block_device};

template <typename Wanted>
bool is(const Verdict& verdict) {
  return std::holds_alternative<Wanted>(verdict);
}

/// Why it would be overwritten.
std::optional<Reason> reason_in(const Verdict& verdict) {
  const auto* overwrite = std::get_if<verdict::Overwrite>(&verdict);
  return overwrite != nullptr ? std::optional{overwrite->reason} : std::nullopt;
}

TEST(Compare, what_one_side_lacks_is_made_or_removed) {
  for (const Kind kind : kinds_there_are) {
    EXPECT_TRUE(is<verdict::Create>(compare(of(kind), std::nullopt, all)));
    EXPECT_TRUE(is<verdict::Remove>(compare(std::nullopt, of(kind), all)));
  }
}

TEST(Compare, another_kind_takes_its_place_and_only_folders_wait) {
  for (const Kind source : kinds_there_are)
    for (const Kind destination : kinds_there_are) {
      if (source == destination) continue;
      const Verdict verdict = compare(of(source), of(destination), all);
      if (destination == Kind::folder)
        EXPECT_TRUE(is<verdict::Displace>(verdict));
      else if (source == Kind::folder)
        EXPECT_TRUE(is<verdict::Supplant>(verdict));
      else
        EXPECT_EQ(reason_in(verdict), (Reason{ReasonCode::other_kind, destination}));
    }
}

TEST(Compare, of_folders_what_is_in_them_decides) {
  Entry other = of(Kind::folder);
  other.mode = 0700;
  EXPECT_TRUE(is<verdict::Descend>(compare(of(Kind::folder), other, all)));
}

TEST(Compare, files_of_another_size_are_replaced_and_others_read_unless_they_are_proved) {
  const Entry file = of(Kind::file);
  Entry longer = file;
  longer.identity.size = 6;
  for (const Standing standing : {Standing::unknown, Standing::proved})
    EXPECT_EQ(reason_in(compare(file, longer, all, standing)),
              (Reason{ReasonCode::size, reason::Sizes{.before = 6, .after = 5}}));
  EXPECT_TRUE(is<verdict::Prove>(compare(file, file, all, Standing::unknown)));
  EXPECT_TRUE(is<verdict::Prove>(compare(file, file, all, Standing::source_moved)));
  for (const Standing standing : {Standing::proved, Standing::accepted, Standing::same_size})
    EXPECT_TRUE(is<verdict::Same>(compare(file, file, all, standing)));
}

TEST(Compare, links_and_devices_are_what_they_lead_to) {
  Entry link = of(Kind::symlink);
  EXPECT_TRUE(is<verdict::Same>(compare(link, link, all)));
  Entry other = link;
  other.target = "elsewhere";
  EXPECT_EQ(reason_in(compare(link, other, all)), Reason{ReasonCode::target});
  other.target.clear();
  EXPECT_EQ(reason_in(compare(link, other, all)), Reason{ReasonCode::symlink_unreadable});
  for (const Kind kind : {Kind::character_device, Kind::block_device}) {
    other = of(kind);
    other.rdev = 9;
    EXPECT_EQ(reason_in(compare(of(kind), other, all)), Reason{ReasonCode::device});
  }
}

TEST(Compare, metadata_alone_is_set_unless_others_have_it_too) {
  const Entry want = of(Kind::file);
  Entry now = want;
  now.identity.mtime.seconds = 99;
  const auto verdict = compare(want, now, all, Standing::same_size);
  const auto* set = std::get_if<verdict::SetMetadata>(&verdict);
  ASSERT_NE(set, nullptr);
  EXPECT_TRUE(set->change.mtime);
  EXPECT_FALSE(set->change.without({.mtime = true}).any());
  now.links = 2;
  EXPECT_EQ(reason_in(compare(want, now, all, Standing::same_size)),
            reason_of({.mtime = true}, want, now, ReasonCode::metadata_linked_elsewhere));
}

TEST(Compare, what_would_change_hands_is_made_afresh) {
  const Entry want = of(Kind::file);
  Entry now = want;
  now.uid = 7;
  const auto verdict = compare(want, now, all, Standing::proved);
  const auto* overwrite = std::get_if<verdict::Overwrite>(&verdict);
  ASSERT_NE(overwrite, nullptr);
  EXPECT_TRUE(overwrite->changes_hands);
  EXPECT_EQ(overwrite->reason,
            reason_of({.owner = true}, want, now, ReasonCode::metadata_handed_over));
}

TEST(Compare, an_mtime_that_was_rounded_when_it_was_set_is_right) {
  const Entry want = of(Kind::file);
  Entry now = want;
  now.identity.mtime.nanoseconds = 0;
  EXPECT_TRUE(is<verdict::Same>(compare(want, now, all, Standing::proved)));
  EXPECT_TRUE(is<verdict::SetMetadata>(compare(want, now, all, Standing::same_size)))
      << "where sizes alone were compared nobody has set it";
}

TEST(Compare, what_cannot_be_had_is_not_wanted) {
  const Privileges nobody{.user = 5, .groups = {}};
  const Means little{.user = nobody, .holds = {}, .compared = {}};
  Entry want = of(Kind::file);
  want.uid = 1;
  want.gid = 1;
  EXPECT_TRUE(is<verdict::Same>(compare(want, of(Kind::file), little, Standing::proved)));
}

TEST(ReasonOf, has_what_differs_and_the_values_of_both_sides) {
  Entry want = of(Kind::file);
  want.mode = 0755;
  want.uid = 3;
  want.gid = 4;
  const reason::Metadata expected{.before = {.mode = 0644},
                                  .after = {.mode = 0755, .uid = 3, .gid = 4},
                                  .mode = true,
                                  .owner = true,
                                  .group = true,
                                  .mtime = true,
                                  .acl = true};
  EXPECT_EQ(reason_of({.owner = true, .group = true, .mode = true, .mtime = true, .acl = true},
                      want, of(Kind::file)),
            (Reason{ReasonCode::metadata, expected}));
}

TEST(DifferenceBetween, counts_what_can_be_kept) {
  Entry want = of(Kind::file);
  Entry now = want;
  EXPECT_EQ(difference_between(want, now, all), Difference{});
  now.identity.size = 6;
  now.mode = 0600;
  const Difference difference = difference_between(want, now, all);
  EXPECT_TRUE(difference.size && difference.mode);
  EXPECT_FALSE(difference.content || difference.mtime || difference.owner || difference.group);
}

}  // namespace
}  // namespace syncline::engine
