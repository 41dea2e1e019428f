// SPDX-License-Identifier: MIT
#include "content/compare_bytes.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace syncline::engine {
namespace {

// The destination's side of a comparison needs no more than what stays in the first-level caches.
constexpr std::size_t compare_bytes = 64U << 10U;

}  // namespace

void have_read(Pass& pass, std::size_t bytes) {
  pass.books.bytes_read += bytes;
  pass.throttle.have_read(bytes);
}

bool holds(Pass& pass, const filesystem::File& file, std::span<const std::byte> bytes,
           std::uint64_t offset) {
  thread_local std::array<std::byte, compare_bytes> buffer;
  while (!bytes.empty()) {
    const auto want = bytes.first(std::min(bytes.size(), buffer.size()));
    const std::size_t count = file.read(std::span(buffer).first(want.size()), offset);
    have_read(pass, count);
    if (count != want.size()) return false;
    if (std::memcmp(buffer.data(), want.data(), want.size()) != 0) return false;
    bytes = bytes.subspan(want.size());
    offset += want.size();
  }
  return true;
}

}  // namespace syncline::engine
