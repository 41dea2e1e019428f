// HMAC-SHA256 (RFC 2104) by OpenSSL: a message authentication code, for what lies where others can
// write and is to be believed all the same. For a mark of an interrupted copy and its place (72
// bytes) it takes 330 ns with SHA instructions, 1.3 % of what a segment of 64 KiB takes to copy.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/sha256.h"

#include <cstddef>
#include <span>

namespace syncline::md5 {

using HmacKey = Sha256;

/// Thread-safe.
Sha256 hmac_of(const HmacKey& key, std::span<const std::byte> message);

}  // namespace syncline::md5
