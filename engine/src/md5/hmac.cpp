// SPDX-License-Identifier: MIT
#include "md5/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <new>

namespace syncline::md5 {
namespace {

struct Free {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

// With the algorithm there, as it is in FIPS mode too, only memory can be what is missing.
void check(int result) {
  if (result != 1) throw std::bad_alloc();
}

// Made once a thread: to fetch the algorithms with each message would take longer than to hash it.
Context make_context() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  Context context{EVP_MAC_CTX_new(algorithm)};
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  check(context ? EVP_MAC_CTX_set_params(context.get(), parameters) : 0);
  return context;
}

}  // namespace

Sha256 hmac_of(const HmacKey& key, std::span<const std::byte> message) {
  thread_local const Context context = make_context();
  const auto bytes = [](std::span<const std::byte> span) {
    return reinterpret_cast<const unsigned char*>(span.data());
  };
  Sha256 tag;
  std::size_t length = 0;
  check(EVP_MAC_init(context.get(), bytes(key), key.size(), nullptr));
  check(EVP_MAC_update(context.get(), bytes(message), message.size()));
  check(EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(tag.data()), &length,
                      tag.size()));
  return tag;
}

}  // namespace syncline::md5
