// SHA-256 by OpenSSL: for what is told apart by whoever may have made both, where no key is at hand
// and speed does not matter.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace syncline::md5 {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256_of(std::span<const std::byte> bytes);

}  // namespace syncline::md5
