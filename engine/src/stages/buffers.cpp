// SPDX-License-Identifier: MIT
#include "stages/buffers.h"

#include <cassert>
#include <utility>

namespace syncline::stages {

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    give_back();
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
    pool_ = other.pool_;
  }
  return *this;
}

Buffer::~Buffer() {
  give_back();
}

void Buffer::give_back() {
  if (!memory_) return;
  const std::scoped_lock lock{pool_->mutex_};
  pool_->free_of(size_).push_back(std::move(memory_));
}

Buffer BufferPool::take(std::size_t bytes) {
  assert(bytes == group_bytes || bytes == stripe_bytes);
  Buffer buffer;
  buffer.size_ = bytes;
  buffer.pool_ = this;
  {
    const std::scoped_lock lock{mutex_};
    auto& free = free_of(bytes);
    if (!free.empty()) {
      buffer.memory_ = std::move(free.back());
      free.pop_back();
    }
  }
  if (!buffer.memory_) buffer.memory_ = std::make_unique_for_overwrite<std::byte[]>(buffer.size_);
  return buffer;
}

}  // namespace syncline::stages
