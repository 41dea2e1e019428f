// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"

#include "model/suspect_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace syncline::filesystem {
namespace {

constexpr std::string_view prefix = ".syncline-";
constexpr std::string_view suffix = ".tmp";
constexpr std::string_view partial_suffix = ".part";
constexpr std::string_view trial_suffix = ".try";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t number_digits = 16;

std::string name_of(std::uint64_t number, std::string_view end) {
  std::string name{prefix};
  for (std::size_t i = 0; i < number_digits; ++i, number >>= 4U) name += digits[number & 0xfU];
  return name += end;
}

bool is_name(std::string_view name, std::string_view end) {
  if (name.size() != prefix.size() + number_digits + end.size()) return false;
  if (!name.starts_with(prefix) || !name.ends_with(end)) return false;
  return std::ranges::all_of(name.substr(prefix.size(), number_digits),
                             [](char c) { return digits.find(c) != std::string_view::npos; });
}

bool is_trial_name(std::string_view name) {
  const std::size_t begin = prefix.size() + number_digits + trial_suffix.size();
  return name.size() > begin && is_name(name.substr(0, begin), trial_suffix);
}

// Of `name`, characters of UTF-8 that nobody refuses are left out until it has no more than `most`
// bytes, the first ones first.
std::string what_is_suspect(std::string_view name, std::size_t most) {
  std::string kept;
  for (std::size_t at = 0; at < name.size();) {
    std::size_t end = at + 1;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) ++end;
    const std::string_view character = name.substr(at, end - at);
    const bool fits = kept.size() + name.size() - at <= most;
    if (fits || is_suspect_name(character)) kept += character;
    at = end;
  }
  return kept;
}

std::uint64_t random_number() {
  thread_local std::mt19937_64 random{[] {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
  }()};
  return random();
}

}  // namespace

std::string temporary_name() {
  return name_of(random_number(), suffix);
}

std::string trial_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  constexpr std::size_t room = longest - prefix.size() - number_digits - trial_suffix.size();
  std::string kept = what_is_suspect(name, room);
  if (kept.size() > room) kept.erase(0, kept.size() - room);
  return name_of(random_number(), trial_suffix) + kept;
}

std::string partial_name(std::uint64_t number) {
  return name_of(number, partial_suffix);
}

bool is_temporary_name(std::string_view name) {
  return is_name(name, suffix) || is_partial_name(name) || is_trial_name(name);
}

bool is_partial_name(std::string_view name) {
  return is_name(name, partial_suffix);
}

}  // namespace syncline::filesystem
