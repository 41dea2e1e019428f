// SPDX-License-Identifier: MIT
#include "pass/room.h"

namespace syncline::engine {

std::optional<Notice> Room::want(std::uint64_t bytes, std::uint64_t deletions_free) {
  if (!free_bytes_ || bytes == 0) return std::nullopt;
  const std::uint64_t wanted = wanted_.fetch_add(bytes) + bytes;
  if (wanted <= *free_bytes_ + held_ || is_short_.exchange(true)) return std::nullopt;
  return Notice{.path = {},
                .code = NoticeCode::little_room,
                .numbers = {wanted, *free_bytes_, deletions_free}};
}

}  // namespace syncline::engine
