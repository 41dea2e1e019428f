// SPDX-License-Identifier: MIT
#include "content/buffers.h"

#include <algorithm>
#include <cassert>

namespace syncline::engine {

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    give_back();
    memory_ = std::exchange(other.memory_, nullptr);
    size_ = std::exchange(other.size_, 0);
    pool_ = other.pool_;
  }
  return *this;
}

Buffer::~Buffer() {
  give_back();
}

void Buffer::give_back() {
  if (memory_ == nullptr) return;
  const std::scoped_lock lock{pool_->mutex_};
  pool_->free_of(size_).push_back(memory_);
}

Buffer BufferPool::take(std::size_t bytes) {
  assert(bytes == group_bytes || bytes == stripe_bytes);
  Buffer buffer;
  buffer.size_ = bytes;
  buffer.pool_ = this;
  const std::scoped_lock lock{mutex_};
  auto& free = free_of(bytes);
  if (free.empty()) add_slab(bytes);
  buffer.memory_ = free.back();
  free.pop_back();
  return buffer;
}

void BufferPool::add_slab(std::size_t bytes) {
  const std::size_t size = std::max(bytes, filesystem::huge_page_bytes);
  std::byte* const slab = slabs_.emplace_back(filesystem::take_memory(size)).get();
  auto& free = free_of(bytes);
  for (std::size_t end = size; end != 0; end -= bytes) free.push_back(slab + (end - bytes));
}

}  // namespace syncline::engine
