// SPDX-License-Identifier: MIT
#include "md5/hmac.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace syncline::md5 {
namespace {

std::string hexadecimal(const Sha256& tag) {
  std::string text;
  for (const std::byte byte : tag) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", std::to_integer<unsigned>(byte));
    text += two;
  }
  return text;
}

// RFC 4231, test cases 1 and 2; HMAC fills a shorter key up with zeros.
TEST(Hmac, is_what_the_standard_says) {
  HmacKey key{};
  std::fill_n(key.begin(), 20, std::byte{0x0b});
  const HmacKey first = key;
  const auto of = [&](const std::string& message) {
    return hexadecimal(hmac_of(key, std::as_bytes(std::span(message))));
  };
  const std::string hi = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
  EXPECT_EQ(of("Hi There"), hi);
  EXPECT_EQ(of("Hi There"), hi) << "under the key that was the last one";
  key = {};
  const std::string jefe = "Jefe";
  std::ranges::copy(std::as_bytes(std::span(jefe)), key.begin());
  EXPECT_EQ(of("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  key = first;
  EXPECT_EQ(of("Hi There"), hi) << "under the one before";
}

}  // namespace
}  // namespace syncline::md5
