// Compression by zstd, a stretch at a time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

struct ZSTD_CCtx_s;  // zstd's own; its header stays in zstd.cpp
struct ZSTD_DCtx_s;

namespace syncline::planning {

/// Whether that is how compressed bytes begin.
bool is_compressed(std::span<const std::byte> beginning);

class Compressor {
 public:
  Compressor();

  /// Appends to `out` what `bytes` come to, as far as it is known by now; if they are the `last`,
  /// all of it.
  void add(std::span<const std::byte> bytes, bool last, std::vector<std::byte>& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

/// It is no such stream, or one that needs more memory than ours do.
class NotZstd : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Of one stream, which nothing may follow.
class Decompressor {
 public:
  Decompressor();

  /// Fills a part of `room`, and takes away from `bytes` what that was made of. Returns how much of
  /// `room` was filled; 0: it takes more bytes, or is_whole(). Throws NotZstd.
  std::size_t next(std::span<const std::byte>& bytes, std::span<std::byte> room);
  [[nodiscard]] bool is_whole() const { return is_whole_; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
  bool is_whole_ = false;
};

}  // namespace syncline::planning
