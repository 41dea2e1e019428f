// SPDX-License-Identifier: MIT
#include "stages/buffers.h"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <new>

namespace syncline::stages {
namespace {

constexpr std::size_t huge_page_bytes = 2U << 20U;

}  // namespace

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
  const std::size_t size = std::max(bytes, huge_page_bytes);
  Slab slab{static_cast<std::byte*>(std::aligned_alloc(huge_page_bytes, size))};
  if (!slab) throw std::bad_alloc{};
  ::madvise(slab.get(), size, MADV_HUGEPAGE);  // advice: small pages do as well
  auto& free = free_of(bytes);
  for (std::size_t end = size; end != 0; end -= bytes) free.push_back(slab.get() + (end - bytes));
  slabs_.push_back(std::move(slab));
}

}  // namespace syncline::stages
