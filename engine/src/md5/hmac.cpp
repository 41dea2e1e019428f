// SPDX-License-Identifier: MIT
#include "md5/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <new>
#include <optional>

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

const unsigned char* bytes_of(std::span<const std::byte> span) {
  return reinterpret_cast<const unsigned char*>(span.data());
}

/// A context that keeps its key: most messages in a row have one, and to set it takes as long as to
/// hash a mark.
class Hmac {
 public:
  Sha256 of(const HmacKey& key, std::span<const std::byte> message) {
    begin(key);
    Sha256 tag;
    std::size_t length = 0;
    check(EVP_MAC_update(context_.get(), bytes_of(message), message.size()));
    check(EVP_MAC_final(context_.get(), reinterpret_cast<unsigned char*>(tag.data()), &length,
                        tag.size()));
    return tag;
  }

 private:
  void begin(const HmacKey& key) {
    if (key_ == key) {
      check(EVP_MAC_init(context_.get(), nullptr, 0, nullptr));
      return;
    }
    key_.reset();
    check(EVP_MAC_init(context_.get(), bytes_of(key), key.size(), nullptr));
    key_ = key;
  }

  Context context_ = make_context();
  std::optional<HmacKey> key_;
};

}  // namespace

Sha256 hmac_of(const HmacKey& key, std::span<const std::byte> message) {
  thread_local Hmac hmac;
  return hmac.of(key, message);
}

}  // namespace syncline::md5
