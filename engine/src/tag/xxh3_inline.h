// XXH3 by what the file that includes this is compiled for: xxHash's header goes by the compiler's
// options (engine/CMakeLists.txt).
//
// Where these name instructions that not every processor has, nothing else may be included: of an
// inline function that several files have, the linker keeps any one for all.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tag/xxh3.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace syncline::tag {

// That the secret's size is a constant is what lets the loop be laid open.
static inline void xxh3_inline(const void* bytes, std::size_t size, const void* secret, void* tag) {
  XXH128_canonicalFromHash(static_cast<XXH128_canonical_t*>(tag),
                           XXH3_128bits_withSecret(bytes, size, secret, secret_bytes));
}

}  // namespace syncline::tag
