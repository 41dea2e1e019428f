// SPDX-License-Identifier: MIT
#include "stages/buffers.h"

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
  (size_ == group_bytes ? pool_->small_ : pool_->large_).push_back(std::move(memory_));
}

Buffer BufferPool::take(std::size_t bytes) {
  Buffer buffer;
  buffer.size_ = size_class(bytes);
  buffer.pool_ = this;
  {
    const std::scoped_lock lock{mutex_};
    auto& free = buffer.size_ == group_bytes ? small_ : large_;
    if (!free.empty()) {
      buffer.memory_ = std::move(free.back());
      free.pop_back();
    }
  }
  if (!buffer.memory_) buffer.memory_ = std::make_unique_for_overwrite<std::byte[]>(buffer.size_);
  return buffer;
}

}  // namespace syncline::stages
