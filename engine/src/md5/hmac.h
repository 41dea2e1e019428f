// HMAC-SHA256 (RFC 2104) by OpenSSL: a message authentication code, for what lies where others can
// write and is to be believed all the same. For a mark of an interrupted copy and its place (72
// bytes) it takes 290 ns with SHA instructions, under a key that was not the last one 620: 1 % of
// what a segment of 128 KiB takes to copy, or 2.
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
