// The kinds of calls to the kernel.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace syncline::filesystem::syscalls {

enum class Call : std::uint8_t {
  open,
  close,
  control,
  read_folder,
  status,
  file_system,
  read,
  advise,
  write,
  copy_range,
  allocate,
  flush,
  flush_filesystem,
  rename,
  exchange,
  unlink,
  make_folder,
  make_symlink,
  make_node,
  read_link,
  change_mode,
  change_owner,
  change_times,
  link,
  list_attributes,
  get_attribute,
  set_attribute,
  remove_attribute,
  seek,
  truncate,
  clone,
};

}  // namespace syncline::filesystem::syscalls
