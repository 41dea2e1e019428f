// SHA-256 by OpenSSL: for what is told apart by whoever may have made both, where no key is at hand
// and speed does not matter.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX; its headers stay in sha256.cpp

namespace syncline::md5 {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256_of(std::span<const std::byte> bytes);

/// Of bytes that come bit by bit.
class Sha256Stream {
 public:
  Sha256Stream();

  void update(std::span<const std::byte> bytes);
  /// Of all so far; more may follow.
  [[nodiscard]] Sha256 so_far() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace syncline::md5
