// MD5 by OpenSSL, as libcrypto's own assembly does it: the reference for everything else here.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"

#include <cstddef>
#include <memory>
#include <span>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX; its headers stay in evp.cpp

namespace syncline::md5 {

class Evp {
 public:
  /// False where the providers in use have no MD5, as in FIPS mode. No Evp may be made then.
  static bool available();

  Evp();

  void update(std::span<const std::byte> input);
  void become(const Evp& other);
  Md5 finish();  ///< the next update begins a new stream

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace syncline::md5
