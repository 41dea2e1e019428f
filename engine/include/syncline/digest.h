// The digest of a file's content, and the format that it is written in.
//
// A file of at most 8 MiB: the MD5 (RFC 1321) of its bytes, as `md5sum` prints it. A larger file:
// the MD5 of the concatenated MD5s of its 8 MiB chunks (the last one may be shorter), followed by
// "-" and the number of chunks. That is the ETag which Amazon S3 gives to a multipart upload in 8
// MiB parts ("Checking object integrity", S3 User Guide), so that digests can be compared with
// tools that exist; S3 itself stops at 10,000 parts, Syncline does not.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace syncline {

/// Bytes of one chunk. Part of the digest's format, hence not an option.
inline constexpr std::uint64_t chunk_bytes = 8U << 20U;

/// How many chunks a file of so many bytes has: an empty one has one.
constexpr std::uint32_t chunks_in(std::uint64_t bytes) {
  return bytes == 0 ? 1 : static_cast<std::uint32_t>((bytes + chunk_bytes - 1) / chunk_bytes);
}

using Md5 = std::array<std::byte, 16>;

/// A plain value; compared as bytes.
struct Digest {
  Md5 md5{};
  std::uint32_t chunks = 1;  ///< 1: plain MD5 of the bytes; more: MD5 over that many chunk MD5s

  friend auto operator<=>(const Digest&, const Digest&) = default;
};

/// "d41d8cd98f00b204e9800998ecf8427e", or with "-N" behind it for a file of N > 1 chunks.
std::string to_string(const Digest& digest);

/// Who computes MD5. Every one yields the same bytes; only diagnosis has a reason to choose.
enum class DigestBackend : std::uint8_t {
  automatic,  ///< SIMD lanes for as many streams as make it pay, plain C++ for fewer
  evp,        ///< OpenSSL, one stream after the other; where it has no MD5 (FIPS): automatic
  simd,       ///< SIMD lanes even for one stream; without SIMD: automatic
};

/// What computes MD5 on this processor with `backend`, and how many streams at once: "AVX-512 2x16"
/// (two groups of 16 lanes), "portable", "EVP". For people; thread-safe.
std::string digest_kernel(DigestBackend backend);

}  // namespace syncline
