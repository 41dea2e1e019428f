// Buffers for file content, used again rather than returned to the system: mapping, faulting in and
// unmapping one costs about as much as filling it from the page cache. How many are in use is the
// byte gate's business.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace syncline::stages {

/// Bytes that a group of small files shares. With 9 KB files 256 KiB make 28 files a message, and
/// stay in a core's second-level cache between reading, hashing and writing.
inline constexpr std::size_t group_bytes = 256U << 10U;
/// Bytes that the streams of a stripe share.
inline constexpr std::size_t stripe_bytes = 2U << 20U;

class BufferPool;

/// One buffer; goes back to its pool on destruction. The pool must outlive it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&&) = default;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  [[nodiscard]] std::span<std::byte> bytes() const { return {memory_.get(), size_}; }

 private:
  friend class BufferPool;
  void give_back();

  std::unique_ptr<std::byte[]> memory_;
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
  using Memory = std::unique_ptr<std::byte[]>;

  std::mutex mutex_;
  std::vector<Memory> for_groups_;
  std::vector<Memory> for_stripes_;

  std::vector<Memory>& free_of(std::size_t bytes) {
    return bytes == group_bytes ? for_groups_ : for_stripes_;
  }
};

}  // namespace syncline::stages
