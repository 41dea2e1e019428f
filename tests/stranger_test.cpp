// The tests' own second user is what he is taken for.
//
// SPDX-License-Identifier: MIT
#include "support/between_users.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace syncline::test {
namespace {

class Stranger : public BetweenUsers {};

TEST_P(Stranger, may_do_what_his_rights_let_him_and_no_more) {
  const std::string secret = ours + "/secret";
  const std::string shown = source + "/shown";
  put(file("shown", "for all to read").mode(0644), source);
  put(file("secret", "root's").mode(0600), ours);
  EXPECT_EQ(read_through(opened_by_stranger(shown, O_RDONLY)), "for all to read");
  EXPECT_LT(opened_by_stranger(shown, O_RDWR).get(), 0);
  EXPECT_LT(opened_by_stranger(secret, O_RDONLY).get(), 0);
  EXPECT_FALSE(as_stranger([&] { return ::chmod(shown.c_str(), 0666) == 0; }));
  EXPECT_FALSE(as_stranger([&] { return ::unlink(shown.c_str()) == 0; }));
  EXPECT_FALSE(as_stranger([] { return ::setuid(0) == 0; }));
}

TEST_P(Stranger, keeps_what_he_opened) {
  const std::string shown = source + "/shown";
  put(file("shown", "before").mode(0666), source);
  const Descriptor held = opened_by_stranger(shown, O_RDWR);
  ASSERT_GE(held.get(), 0);
  set_mode(source, "shown", 0600);
  overwrite_unseen(source, "shown", "later!");
  EXPECT_EQ(read_through(held), "later!");
  EXPECT_TRUE(may_write_through(held));
}

INSTANTIATE_TEST_SUITE_P(On, Stranger, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
