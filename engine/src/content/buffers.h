// Buffers for file content, used again rather than returned to the system: mapping, faulting in and
// unmapping one costs about as much as filling it from the page cache. They are cut from slabs of
// huge pages: with small ones a first copy of 2 GB in four files takes 1.10 times as long, one of
// 100,000 small files 1.03 times. How many are in use is the byte gate's business.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/memory.h"

#include <cstddef>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace syncline::engine {

/// Bytes that a group of small files shares: some 110 of 9 KB. A first copy of 100,000 such files
/// takes 2.70 s, with half as much 2.85 s: the fewer groups, the fewer threads to wake; with twice
/// as much it takes as long.
inline constexpr std::size_t group_bytes = 1U << 20U;
/// Bytes that the streams of a stripe share. A first copy of 2 GB in four files takes 0.69 s, with
/// half as much 0.76 s, with twice as much 0.67 s.
inline constexpr std::size_t stripe_bytes = 4U << 20U;

class BufferPool;

/// One buffer; goes back to its pool on destruction. The pool must outlive it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  [[nodiscard]] std::span<std::byte> bytes() const { return {memory_, size_}; }

 private:
  friend class BufferPool;
  void give_back();

  std::byte* memory_ = nullptr;  // the pool's
  std::size_t size_ = 0;
  BufferPool* pool_ = nullptr;
};

/// Thread-safe.
class BufferPool {
 public:
  /// One of group_bytes or of stripe_bytes, content undefined.
  Buffer take(std::size_t bytes);

 private:
  friend class Buffer;
  /// With the lock held: as many buffers as fill a slab, to what is free of that size.
  void add_slab(std::size_t bytes);

  std::mutex mutex_;
  std::vector<filesystem::Memory> slabs_;
  std::vector<std::byte*> for_groups_;   ///< free
  std::vector<std::byte*> for_stripes_;  ///< free

  std::vector<std::byte*>& free_of(std::size_t bytes) {
    return bytes == group_bytes ? for_groups_ : for_stripes_;
  }
};

}  // namespace syncline::engine
