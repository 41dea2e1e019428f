// A folder of one test, gone with it whatever the test left in it: unreadable folders, depth beyond
// PATH_MAX.
//
// In memory where possible, for speed. SYNCLINE_TEST_FOLDER names another place, a disk of a file
// system to try.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace syncline::test {

class TemporaryFolder {
 public:
  TemporaryFolder();
  /// In another place than the usual one.
  explicit TemporaryFolder(const std::string& parent);
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The path of `name` in it.
  std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

}  // namespace syncline::test
