// SPDX-License-Identifier: MIT
#include "md5/sha256.h"

#include <openssl/evp.h>

#include <new>

namespace syncline::md5 {

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  // With the algorithm there, as it is in FIPS mode too, only memory can be what is missing.
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr,
                 EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  return hash;
}

}  // namespace syncline::md5
