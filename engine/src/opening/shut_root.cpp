// SPDX-License-Identifier: MIT
#include "opening/shut_root.h"

#include "filesystem/process.h"
#include "filesystem/system_error.h"

namespace syncline {

std::optional<ShutRoot> ShutRoot::open_up(const std::string& path) {
  constexpr std::uint32_t list_and_search = 0500;
  auto folder = filesystem::Directory::open_root_to_enter(path);
  Entry open = folder.look();
  if (!filesystem::privileges().is_shut_out(open, list_and_search)) return std::nullopt;
  const std::uint32_t mode = open.mode;
  open.mode |= Privileges::all_of_owner;
  folder.set_metadata(open, {.mode = true});
  return ShutRoot{std::move(folder), mode};
}

ShutRoot::~ShutRoot() {
  if (!mode_) return;
  try {
    Entry shut = folder_.look();
    shut.mode = *mode_;
    folder_.set_metadata(shut, {.mode = true});
  } catch (const filesystem::SystemError&) {
    return;  // it is gone, or no longer ours
  }
}

}  // namespace syncline
