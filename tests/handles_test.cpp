// A folder that is opened again is the one that the walk saw, even where another one has its
// number.
//
// SPDX-License-Identifier: MIT
#include "stages/handles.h"

#include "filesystem/directory.h"
#include "filesystem/system_error.h"
#include "support/between_users.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

using stages::Folder;
using stages::Handles;
using stages::Side;

class Reopened : public BetweenUsers {};

TEST_P(Reopened, a_folder_is_not_somebody_elses_of_the_same_number) {
  make({folder("folder")}, destination);
  const Privileges user{.user = 0, .any_owner = true, .any_access = true, .groups = {}};
  Handles handles{1, user, false};
  const auto root = std::make_shared<Folder>(nullptr, std::string{}, Folder::Role::mirrored);
  const auto held =
      handles.keep(*root, Side::destination, filesystem::Directory::open_root(destination));
  Folder folder{root, "folder", Folder::Role::mirrored};
  folder.source = held->look("folder");
  folder.destination = folder.source;
  folder.side(Side::destination).id = folder.destination->identity.id;
  EXPECT_NO_THROW(handles.get(folder, Side::destination));
  const auto evicted =
      handles.keep(*root, Side::destination, filesystem::Directory::open_root(destination));
  ASSERT_EQ(::chown((destination + "/folder").c_str(), stranger_id, stranger_id), 0);
  EXPECT_THROW(handles.get(folder, Side::destination), filesystem::SystemError);
  folder.source->uid = stranger_id;
  EXPECT_NO_THROW(handles.get(folder, Side::destination));
}

INSTANTIATE_TEST_SUITE_P(On, Reopened, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
