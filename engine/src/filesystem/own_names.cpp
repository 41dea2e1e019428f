// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace syncline::filesystem {
namespace {

constexpr std::string_view prefix = ".syncline-";
constexpr std::string_view suffix = ".tmp";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t random_digits = 16;

}  // namespace

std::string temporary_name() {
  thread_local std::mt19937_64 random{[] {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
  }()};
  std::string name{prefix};
  std::uint64_t bits = random();
  for (std::size_t i = 0; i < random_digits; ++i, bits >>= 4U) name += digits[bits & 0xfU];
  return name += suffix;
}

bool is_temporary_name(std::string_view name) {
  if (name.size() != prefix.size() + random_digits + suffix.size()) return false;
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return false;
  return std::ranges::all_of(name.substr(prefix.size(), random_digits),
                             [](char c) { return digits.find(c) != std::string_view::npos; });
}

}  // namespace syncline::filesystem
