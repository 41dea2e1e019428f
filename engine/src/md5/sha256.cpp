// SPDX-License-Identifier: MIT
#include "md5/sha256.h"

#include <openssl/evp.h>

#include <new>

namespace syncline::md5 {
namespace {

// With the algorithm there, as it is in FIPS mode too, only memory can be what is missing.
void check(int result) {
  if (result != 1) throw std::bad_alloc();
}

unsigned char* bytes_of(Sha256& hash) {
  return reinterpret_cast<unsigned char*>(hash.data());
}

}  // namespace

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  check(EVP_Digest(bytes.data(), bytes.size(), bytes_of(hash), nullptr, EVP_sha256(), nullptr));
  return hash;
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  check(context_ ? EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) : 0);
}

void Sha256Stream::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256Stream::so_far() const {
  const std::unique_ptr<evp_md_ctx_st, Free> copy{EVP_MD_CTX_new()};
  check(copy ? EVP_MD_CTX_copy_ex(copy.get(), context_.get()) : 0);
  Sha256 hash;
  check(EVP_DigestFinal_ex(copy.get(), bytes_of(hash), nullptr));
  return hash;
}

}  // namespace syncline::md5
