// A folder that is opened again is the one that the walk saw, even where another one has its
// number.
//
// SPDX-License-Identifier: MIT
#include "pass/handles.h"

#include "filesystem/directory.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"
#include "support/between_users.h"
#include "support/temporary_folder.h"

#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

using engine::Folder;
using engine::Handles;
using engine::Side;

class Reopened : public BetweenUsers {};

TEST_P(Reopened, a_folder_is_not_somebody_elses_of_the_same_number) {
  make({folder("folder")}, destination);
  const Privileges user{.user = 0, .any_owner = true, .any_access = true, .groups = {}};
  Handles handles{Side::destination, 1, user, false};
  const auto root = std::make_shared<Folder>(nullptr, std::string{}, Folder::Role::mirrored);
  const auto held = handles.keep(*root, filesystem::Directory::open_root(destination));
  Folder folder{root, "folder", Folder::Role::mirrored};
  folder.source = held->look("folder");
  folder.destination = folder.source;
  folder.there.id = folder.destination->identity.id;
  EXPECT_NO_THROW(handles.get(folder));
  const auto evicted = handles.keep(*root, filesystem::Directory::open_root(destination));
  ASSERT_EQ(::chown((destination + "/folder").c_str(), stranger_id, stranger_id), 0);
  EXPECT_THROW(handles.get(folder), filesystem::SystemError);
  folder.source->uid = stranger_id;
  EXPECT_NO_THROW(handles.get(folder));
}

/// Counts what is opened.
class Opens : public filesystem::syscalls::Hook {
 public:
  Opens() { filesystem::syscalls::install(this); }
  Opens(const Opens&) = delete;
  Opens& operator=(const Opens&) = delete;
  ~Opens() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (call == filesystem::syscalls::Call::open) ++count_;
    return 0;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::size_t count_ = 0;
};

// The walk and the reading, each a level deeper at every step, far apart.
TEST(Handles, on_the_way_to_one_push_out_no_other) {
  constexpr std::size_t levels = 300;
  constexpr std::size_t first = 100;
  constexpr std::size_t apart = 150;
  const TemporaryFolder home;
  const Privileges user{.user = 0, .any_owner = true, .any_access = true, .groups = {}};
  Handles handles{Side::source, 16, user, false};
  auto folder = std::make_shared<Folder>(nullptr, std::string{}, Folder::Role::mirrored);
  const auto root = handles.keep(*folder, filesystem::Directory::open_root(home.path()));
  std::vector<std::shared_ptr<Folder>> chain{folder};
  for (auto above = root; chain.size() < levels;) {
    above->directory()->make_folder("d");
    folder = std::make_shared<Folder>(folder, "d", Folder::Role::mirrored);
    folder->from->id = above->look("d")->identity.id;
    above = handles.open(above, *folder);
    chain.push_back(folder);
  }
  const Opens opens;
  constexpr std::size_t steps = 40;
  for (std::size_t i = first; i < first + steps; ++i)
    for (const std::size_t level : {i, i + apart}) handles.get(*chain[level]);
  EXPECT_LE(opens.count(), first + apart + 2 * steps);
  const std::size_t before = opens.count();
  for (std::size_t level = levels - 1; level > levels - steps; --level) handles.get(*chain[level]);
  EXPECT_LE(opens.count() - before, steps / 8 * levels) << "nobody goes up cheaply any more";
}

INSTANTIATE_TEST_SUITE_P(On, Reopened, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
