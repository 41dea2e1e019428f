// SPDX-License-Identifier: MIT
#include "tag/xxh3_inline.h"

void syncline::tag::xxh3_by_avx512(const void* bytes, std::size_t size, const void* secret,
                                   void* tag) {
  xxh3_inline(bytes, size, secret, tag);
}
