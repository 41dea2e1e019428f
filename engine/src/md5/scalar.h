// The MD5 compression of one stream in plain C++.
//
// It serves where OpenSSL offers no MD5 (FIPS), and for the last streams that are too few for SIMD.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "md5/steps.h"

namespace syncline::md5 {

/// Folds whole blocks (a multiple of block_bytes) into `words`.
void compress(Words& words, std::span<const std::byte> blocks);

}  // namespace syncline::md5
