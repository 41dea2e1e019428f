// SipHash against OpenSSL's, over every length that ends anywhere in a word.
//
// SPDX-License-Identifier: MIT
#include "stages/siphash.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <vector>

namespace syncline::stages {
namespace {

// 16 bytes are what it gives unless told otherwise (EVP_MAC-SIPHASH(7)).
SipTag by_openssl(const SipKey& key, const std::vector<std::byte>& message) {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
  SipTag tag{};
  std::size_t bytes = 0;
  EXPECT_EQ(EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                         nullptr),
            1);
  EXPECT_EQ(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(message.data()),
                           message.size()),
            1);
  EXPECT_EQ(
      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(tag.data()), &bytes, tag.size()), 1);
  EXPECT_EQ(bytes, tag.size());
  EVP_MAC_CTX_free(context);
  EVP_MAC_free(mac);
  return tag;
}

TEST(SipHash, is_openssls) {
  SipKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  std::vector<std::byte> message;
  for (int length = 0; length < 100; ++length) {
    EXPECT_EQ(siphash(key, message), by_openssl(key, message)) << length;
    message.push_back(static_cast<std::byte>(length * 7));
  }
}

// From the authors' vectors.h.
TEST(SipHash, of_nothing_is_as_published) {
  SipKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  const std::array<unsigned char, 16> published{0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6,
                                                0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93};
  const SipTag tag = siphash(key, {});
  for (std::size_t i = 0; i < tag.size(); ++i)
    EXPECT_EQ(std::to_integer<unsigned char>(tag[i]), published[i]) << i;
}

}  // namespace
}  // namespace syncline::stages
