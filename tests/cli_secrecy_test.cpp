// What the index keeps to itself is told in no way: neither its secrets nor what is made with them.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace syncline::test {
namespace {

std::string hex(const std::string& bytes) {
  static constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += digits[value >> 4U];
    text += digits[value & 0xfU];
  }
  return text;
}

/// What stands in the file behind `before`; SQLite writes the columns of a row one after the other.
std::string behind(const std::string& file, const std::string& before, std::size_t count) {
  const std::string bytes = read(file);
  for (std::size_t at = bytes.find(before); at != std::string::npos;
       at = bytes.find(before, at + 1)) {
    std::string found = bytes.substr(at + before.size(), count);
    const bool is_random = found.find_first_not_of('\0') != std::string::npos &&
                           found.find("INTEGER") == std::string::npos &&
                           found.find("  ") == std::string::npos;
    if (found.size() == count && is_random) return found;
  }
  return "";
}

class Secrecy : public Cli {};

TEST_F(Secrecy, is_kept_whatever_is_told) {
  write(source + "/a", "a");
  const std::string index = home / "index";
  const std::string md5 = "\x0c\xc1\x75\xb9\xc0\xf1\xb6\xa8\x31\xc3\x99\xe2\x69\x77\x26\x61";
  std::string told;
  for (const std::vector<std::string>& how : {std::vector<std::string>{"-vv"},
                                              {"-vv", "--rehash"},
                                              {"--json", "-vv", "--rehash"},
                                              {"--rehash", "--log-file=" + log, "-vv"},
                                              {"--why=a", "-vv"}}) {
    std::vector<std::string> words{"--index=" + index, source, destination};
    words.insert(words.begin(), how.begin(), how.end());
    const Exit exit = syncline(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    told += exit.out + exit.err;
  }
  told += read(log);
  EXPECT_NE(told.find(hex(md5)), std::string::npos) << "the MD5 is told";
  const std::string tag = behind(index, md5, 16);
  const std::string secret = behind(index, "content", 192);
  ASSERT_EQ(tag.size(), 16) << "of the row";
  ASSERT_EQ(secret.size(), 192);
  for (const std::string& hidden : {tag, secret.substr(0, 16)}) {
    EXPECT_EQ(told.find(hidden), std::string::npos);
    EXPECT_EQ(told.find(hex(hidden)), std::string::npos);
    EXPECT_EQ(told.find(hex(hidden.substr(0, 4))), std::string::npos);
  }
}

}  // namespace
}  // namespace syncline::test
