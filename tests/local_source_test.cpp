// What a source that is a folder of this machine answers, asked directly.
//
// SPDX-License-Identifier: MIT
#include "source/local_source.h"

#include "filesystem/directory.h"
#include "pass/folder.h"
#include "support/disk.h"
#include "support/refusals.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using engine::Folder;
using engine::FolderRef;
using engine::Side;
using engine::SourceFolder;
using engine::SourceLook;

class Local : public testing::Test {
 protected:
  void given(const Tree& tree) {
    make(tree, home.path());
    source.set_root(filesystem::Directory::open_root(home.path()));
    root = std::make_shared<Folder>(nullptr, std::string{}, Folder::Role::mirrored);
    source.open_root(*root);
  }

  FolderRef listed(const FolderRef& parent, const std::string& name) {
    auto folder = std::make_shared<Folder>(parent, name, Folder::Role::mirrored);
    folder->from->id = source.list(*folder, {}).entry.identity.id;
    return folder;
  }

  /// Its names as they were handed over, with errno where that failed.
  std::vector<std::string> looked_at(const engine::SourcePlace& at,
                                     const std::vector<std::string>& names, std::size_t most = 99) {
    std::vector<const std::string*> asked;
    asked.reserve(names.size());
    for (const std::string& name : names) asked.push_back(&name);
    std::vector<std::string> found;
    source.look(at, asked, [&](std::size_t number, SourceLook look) {
      std::string words = names.at(number);
      if (look.error) words += ": " + std::to_string(look.error->error_number());
      if (look.entry) words += std::string(" is ") + to_string(look.entry->kind);
      found.push_back(words);
      return found.size() < most;
    });
    return found;
  }

  const TemporaryFolder home;
  engine::LocalSource source{2};
  FolderRef root;
};

using Names = std::vector<std::string>;

Names names_of(const filesystem::Listing& listing) {
  Names names;
  for (std::size_t i = 0; i < listing.size(); ++i) names.emplace_back(listing[i]);
  return names;
}

TEST_F(Local, a_folder_comes_with_all_that_is_known_of_it) {
  given({folder("f").mode(0750), file("f/b", "1"), file("f/a", "2")});
  auto folder = std::make_shared<Folder>(root, "f", Folder::Role::mirrored);
  const SourceFolder found = source.list(*folder, {.asks_birth = true});
  EXPECT_FALSE(found.error);
  EXPECT_FALSE(found.is_left_alone);
  EXPECT_EQ(found.entry.mode, 0750U);
  EXPECT_EQ(names_of(found.names), (Names{"a", "b"}));
}

TEST_F(Local, what_cannot_be_listed_is_told_beside_what_was_seen) {
  given({folder("f").mode(0700)});
  Refusals refusals;
  refusals.refuse({Refusals::Call::read_folder}, home / "f", EIO);
  auto folder = std::make_shared<Folder>(root, "f", Folder::Role::mirrored);
  const SourceFolder found = source.list(*folder, {});
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->error_number(), EIO);
  EXPECT_EQ(found.entry.mode, 0700U);
}

TEST_F(Local, what_cannot_be_opened_is_thrown) {
  given({file("f", "no folder")});
  Folder folder{root, "f", Folder::Role::mirrored};
  EXPECT_THROW(source.list(folder, {}), filesystem::SystemError);
  Folder none{root, "none", Folder::Role::mirrored};
  EXPECT_THROW(source.list(none, {}), filesystem::SystemError);
}

TEST_F(Local, another_device_is_left_alone_unlisted) {
  given({file("f/a", "1")});
  Folder folder{root, "f", Folder::Role::mirrored};
  const SourceFolder found = source.list(folder, {.only_on = 1});
  EXPECT_TRUE(found.is_left_alone);
  EXPECT_EQ(found.names.size(), 0U);
  EXPECT_FALSE(source.list(*root, {.only_on = 1}).is_left_alone) << "the root is where it is";
}

TEST_F(Local, names_are_told_anew_each_time) {
  given({file("f/a", "1")});
  const auto folder = listed(root, "f");
  put(file("f/b", "2"), home.path());
  EXPECT_EQ(names_of(source.names(*folder)), (Names{"a", "b"}));
  EXPECT_EQ(names_of(source.names(*folder)), (Names{"a", "b"}));
}

TEST_F(Local, a_root_that_is_opened_again_is_listed_again) {
  given({file("a", "1")});
  EXPECT_EQ(names_of(source.list(*root, {}).names), Names{"a"});
  Folder again{nullptr, std::string{}, Folder::Role::mirrored};
  source.open_root(again);
  EXPECT_EQ(names_of(source.list(again, {}).names), Names{"a"});
  EXPECT_TRUE(source.has(*root)) << "whoever has the first one still does";
}

TEST_F(Local, names_are_looked_at_in_order_until_it_is_enough) {
  given({file("a", "1"), folder("b"), symlink("c", "a")});
  EXPECT_EQ(looked_at({*root}, {"c", "none", "a", "b"}),
            (Names{"c is symlink", "none", "a is file", "b is folder"}));
  EXPECT_EQ(looked_at({*root}, {"c", "none", "a", "b"}, 2), (Names{"c is symlink", "none"}));
}

TEST_F(Local, one_look_that_fails_costs_no_other) {
  given({file("a", "1"), file("b", "2"), symlink("c", "a")});
  Refusals refusals;
  refusals.refuse({Refusals::Call::status}, home / "a", EIO);
  refusals.refuse({Refusals::Call::read_link}, home / "c", EACCES);
  EXPECT_EQ(looked_at({*root}, {"a", "b", "c"}),
            (Names{"a: " + std::to_string(EIO), "b is file",
                   "c: " + std::to_string(EACCES) + " is symlink"}));
  EXPECT_THROW(source.look_at({*root}, "a"), filesystem::SystemError);
  EXPECT_EQ(source.look_at({*root}, "c")->target, "");
}

TEST_F(Local, below_a_folder_a_way_that_is_not_there_has_no_names) {
  given({file("a/b/c", "1"), file("f", "2")});
  const Names to_b{"a", "b"};
  EXPECT_EQ(looked_at({*root, to_b}, {"c", "d"}), (Names{"c is file", "d"}));
  for (const Names& way : {Names{"a", "x"}, Names{"f"}, Names{"x", "b"}})
    EXPECT_EQ(looked_at({*root, way}, {"c"}), Names{"c"});
}

TEST_F(Local, another_folder_in_its_place_is_not_taken_for_it) {
  given({file("f/a", "1"), file("g/b", "2"), folder("h"), folder("i")});
  const auto folder = listed(root, "f");
  rename(home.path(), "f", "was");
  rename(home.path(), "g", "f");
  for (const char* const name : {"h", "i", "was"}) listed(root, name);  // so that it is not open
  EXPECT_EQ(looked_at({*folder}, {"b"}), Names{"b: " + std::to_string(ESTALE)});
  EXPECT_THROW(source.open_file(*folder, "b"), filesystem::SystemError);
  EXPECT_THROW(static_cast<void>(source.has(*folder)), filesystem::SystemError);
}

TEST_F(Local, a_folder_that_is_gone_is_not_had) {
  given({file("f/a", "1"), folder("g"), folder("h"), folder("i")});
  const auto folder = listed(root, "f");
  EXPECT_TRUE(source.has(*folder));
  remove(home.path(), "f");
  for (const char* const name : {"g", "h", "i"}) listed(root, name);
  EXPECT_FALSE(source.has(*folder));
}

TEST_F(Local, a_file_that_is_open_can_be_shared_with_this_kernel) {
  given({file("f/a", "bytes")});
  const auto folder = listed(root, "f");
  const auto file = source.open_file(*folder, "a");
  ASSERT_NE(file->local(), nullptr);
  EXPECT_EQ(file->local()->look().identity, file->look().identity);
  EXPECT_EQ(source.look_at({*folder}, "a")->identity, file->look().identity);
}

}  // namespace
}  // namespace syncline::test
