// XXH3 of memory, compiled here for each set of vector instructions.
//
// xxHash's library chooses among them too, but fetches the secret anew for each 64 bytes, from two
// lines of the cache; where its size is a constant the compiler lays the loop open and keeps it. Of
// 128 KiB that were just read the library takes 3.5 µs with AVX-512 and this 2.5, which is what the
// second-level cache gives, and on a busy machine 5.2 and 4.5; of 9 KiB 0.39 and 0.21. With AVX2
// this takes 4.0 and 0.27, with SSE2 6.1 and 0.46.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace syncline::tag {

inline constexpr std::size_t secret_bytes = 192;

/// `tag`, of 16 bytes, becomes XXH3_128bits_withSecret() of `size` bytes in its canonical form.
/// Thread-safe.
using Xxh3 = void (*)(const void* bytes, std::size_t size, const void* secret, void* tag);

// For processors that have these alone.
void xxh3_by_avx512(const void* bytes, std::size_t size, const void* secret, void* tag);
void xxh3_by_avx2(const void* bytes, std::size_t size, const void* secret, void* tag);

}  // namespace syncline::tag
