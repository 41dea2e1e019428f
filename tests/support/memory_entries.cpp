// SPDX-License-Identifier: MIT
#include "support/memory_entries.h"

#include <cstdint>

namespace syncline::test {

syncline::Entry shown(const Entry& value) {
  constexpr std::uint64_t block_bytes = 4096;
  syncline::Entry entry;
  entry.kind = value.kind;
  entry.mode = value.mode_bits;
  entry.uid = value.user;
  entry.gid = value.group;
  entry.rdev = value.device;
  entry.identity.mtime = value.modified;
  const bool has_size = value.kind == Kind::file || value.kind == Kind::symlink;
  if (has_size) entry.identity.size = value.content.size();
  entry.allocated = (entry.identity.size + block_bytes - 1) / block_bytes * block_bytes;
  if (value.kind == Kind::symlink) entry.target = value.content;
  for (const auto& [name, text] : value.attributes) entry.attributes.push_back({name, text});
  return entry;
}

}  // namespace syncline::test
