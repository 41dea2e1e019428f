// Symlinks on the way to what a user names: followed where root or that user owns them, and nobody
// else's.
//
// SPDX-License-Identifier: MIT
#include "syncline/named_path.h"

#include "support/descriptor.h"
#include "support/disk.h"
#include "support/nobody.h"
#include "support/temporary_folder.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace syncline::test {
namespace {

constexpr uid_t somebody = 4321;

class NamedPath : public testing::Test {
 protected:
  NamedPath() {
    make({folder("").mode(0755), file("real/file", "text"), symlink("to file", "real/file"),
          symlink("to folder", "real"), symlink("real/up", ".."), symlink("chain", "to folder"),
          symlink("dangling", "nowhere"), symlink("into dangling", "real/new"),
          symlink("loop", "loop"), symlink("absolute", home / "real")},
         home.path());
  }

  /// The bytes that are read there, or why it could not be opened.
  [[nodiscard]] std::string found_at(const std::string& path, int flags = O_RDONLY) const {
    try {
      const Descriptor opened{open_named(path, flags, 0600)};
      std::string text(16, '\0');
      const ssize_t count = ::read(opened.get(), text.data(), text.size());
      text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
      return text;
    } catch (const std::system_error& error) {
      return error.code().message();
    }
  }
  [[nodiscard]] std::string found(const std::string& path, int flags = O_RDONLY) const {
    return found_at(home / path, flags);
  }
  void give_away(const std::string& link) const {
    ASSERT_EQ(::lchown((home / link).c_str(), somebody, somebody), 0);
  }

  static testing::AssertionResult is_refused(const std::string& outcome) {
    if (outcome.find("belongs to another user") != std::string::npos)
      return testing::AssertionSuccess();
    return testing::AssertionFailure() << outcome;
  }

  const TemporaryFolder home;
};

TEST_F(NamedPath, may_lead_through_links_of_ones_own) {
  for (const char* path : {"real/file", "to file", "to folder/file", "chain/file", "absolute/file",
                           "real/up/to folder/../to file", "chain/up/real//./file"})
    EXPECT_EQ(found(path), "text") << path;
}

TEST_F(NamedPath, fails_as_open_does) {
  const std::error_condition none = std::errc::no_such_file_or_directory;
  EXPECT_EQ(found("none"), none.message());
  EXPECT_EQ(found("dangling"), none.message());
  EXPECT_EQ(found_at(""), none.message());
  EXPECT_EQ(found("loop"),
            std::make_error_condition(std::errc::too_many_symbolic_link_levels).message());
  EXPECT_EQ(found("to file", O_RDONLY | O_NOFOLLOW),
            std::make_error_condition(std::errc::too_many_symbolic_link_levels).message());
  EXPECT_EQ(found("to file/"), std::make_error_condition(std::errc::not_a_directory).message());
  EXPECT_EQ(found("to file/x"), std::make_error_condition(std::errc::not_a_directory).message());
}

TEST_F(NamedPath, may_be_of_a_file_that_is_made) {
  EXPECT_EQ(found("chain/new file", O_RDWR | O_CREAT | O_EXCL), "");
  EXPECT_TRUE(exists(home.path(), "real/new file"));
  EXPECT_EQ(found("into dangling", O_RDWR | O_CREAT), "");
  EXPECT_TRUE(exists(home.path(), "real/new"));
}

TEST_F(NamedPath, may_be_what_the_kernel_has_for_an_open_file) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Descriptor reading{ends[0]};
  {
    const Descriptor writing{ends[1]};
    ASSERT_EQ(::write(writing.get(), "piped", 5), 5);
  }
  EXPECT_EQ(found_at("/dev/fd/" + std::to_string(reading.get())), "piped");
}

TEST_F(NamedPath, does_not_lead_through_a_link_of_somebody_else) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give links away";
  for (const char* link : {"to file", "to folder", "absolute", "real/up", "into dangling"})
    give_away(link);
  for (const char* path :
       {"to file", "to folder/file", "chain/file", "absolute/file", "real/up/real/file"})
    EXPECT_TRUE(is_refused(found(path))) << path;
  EXPECT_TRUE(is_refused(found("into dangling", O_RDWR | O_CREAT)));
  EXPECT_TRUE(is_refused(found("to folder/new", O_RDWR | O_CREAT)));
  EXPECT_FALSE(exists(home.path(), "real/new"));
  EXPECT_EQ(found("real/file"), "text");
}

TEST_F(NamedPath, leads_through_roots_links_whoever_goes_there) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act as somebody else";
  give_away("to folder");
  const AsNobody nobody;
  EXPECT_EQ(found("to file"), "text");
  EXPECT_TRUE(is_refused(found("to folder/file")));
}

}  // namespace
}  // namespace syncline::test
