// SPDX-License-Identifier: MIT
#include "model/acl.h"

#include <array>

namespace syncline::acl {
namespace {

constexpr unsigned char version = 2;
constexpr std::uint32_t no_id = 0xffff'ffff;

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

void append(std::string& list, std::uint32_t value, std::size_t bytes) {
  const auto byte = [&](unsigned shift) { return static_cast<char>(value >> shift & 0xffU); };
  const std::array<char, 4> little{byte(0), byte(8), byte(16), byte(24)};
  list.append(little.data(), bytes);
}

}  // namespace

std::vector<Entry> entries_of(std::string_view list) {
  std::vector<Entry> entries;
  for (std::size_t at = header_bytes; at + entry_bytes <= list.size(); at += entry_bytes)
    entries.push_back({.tag = number(list.substr(at, 2)),
                       .rights = number(list.substr(place_of_rights(at), 2)) & 07U,
                       .id = number(list.substr(at + 4, 4))});
  return entries;
}

std::string list_of(std::uint32_t mode) {
  std::string list;
  list.reserve(header_bytes + 3 * entry_bytes);
  append(list, version, header_bytes);
  const auto add = [&](Tag tag, unsigned shift) {
    append(list, tag, 2);
    append(list, mode >> shift & 07U, 2);
    append(list, no_id, 4);
  };
  add(owner, 6);
  add(owning_group, 3);
  add(others, 0);
  return list;
}

}  // namespace syncline::acl
