// When a change of metadata would hand an inode over from whoever may have it open.
//
// SPDX-License-Identifier: MIT
#include "model/handover.h"

#include "support/acl.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace syncline {
namespace {

using test::acl;
using test::AclEntry;
using test::group_entry;
using test::owning_group_entry;
using test::user_entry;

Entry with_mode(std::uint32_t mode, Kind kind = Kind::file) {
  Entry entry;
  entry.kind = kind;
  entry.mode = mode;
  return entry;
}

Entry with_list(std::uint32_t mode, std::vector<AclEntry> entries) {
  Entry entry = with_mode(mode);
  entry.attributes = {{test::access_acl_name, acl(std::move(entries), mode)}};
  return entry;
}

bool is_handed_over(const Entry& now, const Entry& want) {
  const Privileges root{.any_owner = true, .capabilities = true, .groups = {}};
  const Means means{.user = root, .holds = {}, .compared = {}};
  return changes_hands(now, want, difference(want, now, means));
}

TEST(Handover, is_of_owner_and_group_whatever_the_mode) {
  Entry other = with_mode(0644);
  EXPECT_FALSE(is_handed_over(with_mode(0644), other));
  other.identity.mtime.seconds = 1;
  EXPECT_FALSE(is_handed_over(with_mode(0644), other));
  other.uid = 1;
  EXPECT_TRUE(is_handed_over(with_mode(0600), other));
  other.uid = 0;
  other.gid = 1;
  EXPECT_TRUE(is_handed_over(with_mode(0600), other));
}

TEST(Handover, is_of_nothing_that_cannot_be_had) {
  Entry other = with_mode(0644);
  other.uid = 1;
  const Privileges nobody{.user = 1, .groups = {}};
  const Means means{.user = nobody, .holds = {}, .compared = {}};
  EXPECT_FALSE(changes_hands(with_mode(0644), other, difference(other, with_mode(0644), means)));
}

struct Modes {
  std::uint32_t now;
  std::uint32_t want;
  bool of_file;
  bool of_folder;
};

TEST(Handover, is_of_rights_that_somebody_loses) {
  for (const Modes& modes : std::vector<Modes>{{0600, 0644, false, false},
                                               {0644, 0600, true, true},
                                               {0644, 0640, true, true},
                                               {0640, 0604, true, true},
                                               {0664, 0644, true, true},
                                               {0666, 0644, true, true},
                                               {0644, 0244, false, false},
                                               {0755, 0644, false, true},
                                               {0711, 0700, false, true},
                                               {0700, 0600, false, false},
                                               {0644, 04644, true, false},
                                               {0755, 02755, true, false},
                                               {04755, 0755, false, false},
                                               {0777, 01777, false, false},
                                               {02755, 06755, true, false}}) {
    EXPECT_EQ(is_handed_over(with_mode(modes.now), with_mode(modes.want)), modes.of_file)
        << std::oct << modes.now << ' ' << modes.want;
    EXPECT_EQ(is_handed_over(with_mode(modes.now, Kind::fifo), with_mode(modes.want, Kind::fifo)),
              modes.of_file && (modes.want & ~modes.now & 06000) == 0)
        << std::oct << modes.now << ' ' << modes.want;
    EXPECT_EQ(
        is_handed_over(with_mode(modes.now, Kind::folder), with_mode(modes.want, Kind::folder)),
        modes.of_folder)
        << std::oct << modes.now << ' ' << modes.want;
  }
}

TEST(Handover, is_never_of_symlinks) {
  Entry other = with_mode(0777, Kind::symlink);
  other.uid = 1;
  EXPECT_FALSE(is_handed_over(with_mode(0777, Kind::symlink), other));
}

TEST(Handover, is_of_capabilities_that_are_added_or_altered) {
  Entry now = with_mode(0755);
  Entry want = with_mode(0755);
  want.attributes = {{"security.capability", "one"}};
  EXPECT_TRUE(is_handed_over(now, want));
  EXPECT_FALSE(is_handed_over(want, now));
  now.attributes = {{"security.capability", "other"}};
  EXPECT_TRUE(is_handed_over(now, want));
  want.attributes.push_back({"user.note", "more"});
  now.attributes = {{"security.capability", "one"}};
  EXPECT_FALSE(is_handed_over(now, want));
}

TEST(Handover, is_of_what_lists_grant_no_more) {
  // The user loses his entry, or part of it, or the mask takes it; an entry may also take what
  // everybody has.
  EXPECT_TRUE(
      is_handed_over(with_list(0640, {user_entry(7, 4), owning_group_entry(0)}), with_mode(0600)));
  EXPECT_TRUE(is_handed_over(with_list(0660, {user_entry(7, 6), owning_group_entry(0)}),
                             with_list(0640, {user_entry(7, 6), owning_group_entry(0)})));
  EXPECT_TRUE(
      is_handed_over(with_list(0644, {user_entry(7, 4)}), with_list(0644, {user_entry(8, 0)})));
  EXPECT_TRUE(is_handed_over(with_mode(0644), with_list(0644, {user_entry(7, 0)})));
  EXPECT_TRUE(is_handed_over(with_mode(0644), with_list(0644, {group_entry(7, 0)})));
  EXPECT_TRUE(is_handed_over(with_list(0640, {group_entry(7, 4)}), with_mode(0640)));
  // Nobody loses anything.
  EXPECT_FALSE(is_handed_over(with_mode(0600), with_list(0640, {user_entry(7, 4)})));
  EXPECT_FALSE(is_handed_over(with_mode(0640), with_list(0640, {group_entry(7, 4)})));
  EXPECT_FALSE(is_handed_over(with_list(0644, {user_entry(7, 4)}), with_mode(0644)));
  EXPECT_FALSE(is_handed_over(with_list(0644, {user_entry(7, 4)}),
                              with_list(0644, {user_entry(7, 4), user_entry(8, 4)})));
  EXPECT_FALSE(is_handed_over(with_list(0640, {user_entry(7, 4), owning_group_entry(0)}),
                              with_list(0660, {user_entry(7, 6), owning_group_entry(0)})));
}

}  // namespace
}  // namespace syncline
