// SPDX-License-Identifier: MIT
#include "index/columns.h"

#include "index/packed.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace syncline::index {

std::uint64_t source_inode_in(const Statement& row) {
  return remembered_in(row).source.id.inode;
}

std::optional<Fingerprint> fingerprint_in(std::string_view md5, std::string_view tag,
                                          std::uint32_t chunks) {
  if (md5.size() != sizeof(Md5)) return std::nullopt;
  Fingerprint found{.digest = {.md5 = {}, .chunks = chunks}};
  std::memcpy(found.digest.md5.data(), md5.data(), md5.size());
  if (tag.size() == sizeof(Tag)) std::memcpy(found.tag.emplace().data(), tag.data(), tag.size());
  return found;
}

Remembered remembered_in(const Statement& row) {
  Remembered what = unpacked(row.bytes(1));
  what.proved_s = row.integer(2);
  return what;
}

FolderRow folder_row_in(const Statement& row) {
  return {.key = row.integer(1),
          .source = {.device = as_unsigned(row.integer(2)), .inode = as_unsigned(row.integer(3))},
          .is_mount_point = row.integer(5) != 0,
          .born_ns = row.integer(4)};
}

void add_exception_in(const Statement& row, Exception& exception) {
  exception.user = static_cast<std::uint32_t>(row.integer(4));
  exception.ctime = row.blob(5);
  if (row.bytes(1) == name_aspect) exception.refused_by = row.blob(3);
  // One of a later version's is of no use to this one.
  for (std::size_t i = 0; i < aspects; ++i)
    if (const auto aspect = static_cast<Aspect>(i); row.bytes(1) == to_string(aspect))
      exception.pieces.push_back({.aspect = aspect, .asked = row.blob(2), .there = row.blob(3)});
  std::ranges::sort(exception.pieces, {}, &Untaken::aspect);
}

}  // namespace syncline::index
