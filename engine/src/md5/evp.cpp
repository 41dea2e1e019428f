// SPDX-License-Identifier: MIT
#include "md5/evp.h"

#include <openssl/evp.h>

#include <new>

namespace syncline::md5 {
namespace {

// Fetched once: an implicit fetch with every stream costs a lock and a lookup. Never freed, because
// streams may outlive any static object of ours.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "MD5", nullptr);
  return fetched;
}

// With the algorithm and the context there, only memory can be what is missing.
void check(int result) {
  if (result != 1) throw std::bad_alloc();
}

}  // namespace

bool Evp::available() {
  return algorithm() != nullptr;
}

void Evp::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Evp::Evp() : context_(EVP_MD_CTX_new()) {
  check(context_ ? EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) : 0);
}

void Evp::update(std::span<const std::byte> input) {
  check(EVP_DigestUpdate(context_.get(), input.data(), input.size()));
}

void Evp::become(const Evp& other) {
  check(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
}

Md5 Evp::finish() {
  Md5 md5;
  check(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(md5.data()), nullptr));
  check(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr));
  return md5;
}

}  // namespace syncline::md5
