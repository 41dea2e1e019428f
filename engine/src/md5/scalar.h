// The MD5 compression of one stream in plain C++.
//
// It is the kernel for streams too few for SIMD and for processors without it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/steps.h"

#include <span>

namespace syncline::md5 {

/// Folds whole blocks (a multiple of block_bytes) into `words`.
void compress(Words& words, std::span<const std::byte> blocks);

}  // namespace syncline::md5
