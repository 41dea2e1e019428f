// SPDX-License-Identifier: MIT
#include "pass/room.h"

#include <cstdio>

namespace syncline::engine {
namespace {

std::string gigabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

}  // namespace

std::optional<std::string> Room::want(std::uint64_t bytes, std::uint64_t deletions_free) {
  if (!free_bytes_ || bytes == 0) return std::nullopt;
  const std::uint64_t wanted = wanted_.fetch_add(bytes) + bytes;
  if (wanted <= *free_bytes_ + held_ || is_short_.exchange(true)) return std::nullopt;
  std::string text = "the destination has not enough room: at least " + gigabytes(wanted) +
                     " are to be copied, " + gigabytes(*free_bytes_) + " are free";
  if (deletions_free > 0)
    text += "; deletions come after the copying, and free " + gigabytes(deletions_free) +
            " at least: --delete-before turns that round";
  return text;
}

}  // namespace syncline::engine
