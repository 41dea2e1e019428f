// SPDX-License-Identifier: MIT
#include "pass/durability.h"

#include "filesystem/clock.h"
#include "filesystem/system_error.h"

namespace syncline::engine {
namespace {

using filesystem::FlushMethod;

// The kernel writes back what is 30 s old, looking each 5 s
// (Documentation/admin-guide/sysctl/vm.rst in the kernel: dirty_expire_centisecs,
// dirty_writeback_centisecs); twice that is on the disk.
constexpr std::int64_t written_back_after_ns = 70'000'000'000;

constexpr std::int64_t flush_pause_ns = 1'000'000'000;

}  // namespace

Durability::FileSystem& Durability::file_system_of(Handles& handles, Folder& folder) {
  const std::uint64_t device = folder.side(handles.side()).id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto found = file_systems_.find(device); found != file_systems_.end())
      return found->second;
  }
  const auto handle = handles.get(folder);
  const auto method = filesystem::flush_method(*handle);
  const bool keeps_unnamed_well = filesystem::keeps_unnamed_well(*handle);
  const std::scoped_lock lock{mutex_};
  return file_systems_.try_emplace(device, method, keeps_unnamed_well).first->second;
}

bool Durability::is_on_disk(Handles& handles, Folder& folder, const Timestamp& ctime) {
  try {
    FileSystem& file_system = file_system_of(handles, folder);
    const auto is_flushed = [&] { return ctime < timestamp_of(file_system.flushed_ns); };
    if (file_system.method == FlushMethod::none || is_flushed()) return true;
    const std::scoped_lock lock{file_system.flushing};
    if (is_flushed()) return true;
    const std::int64_t now = now_ns();
    // A source that is being written to would else be flushed for each of its files.
    if (now < file_system.flushed_ns + flush_pause_ns) return false;
    if (!may_flush_ || file_system.method == FlushMethod::each_file)
      return ctime < timestamp_of(now - written_back_after_ns);
    handles.get(folder)->flush_filesystem();
    file_system.flushed_ns = now - clock_tick_ns;
    return is_flushed();
  } catch (const filesystem::SystemError&) {
    return false;  // read once more next time
  }
}

bool Durability::is_flushed(Handles& handles, Folder& folder) {
  if (may_flush_) return true;
  try {
    return file_system_of(handles, folder).method == FlushMethod::none;
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

Naming Durability::naming(Handles& handles, Folder& folder) {
  const FileSystem& file_system = file_system_of(handles, folder);
  if (file_system.method == FlushMethod::none) return Naming::at_once;
  if (file_system.method == FlushMethod::each_file) return Naming::by_rename;
  if (!may_flush_) return Naming::at_once;
  return file_system.keeps_unnamed_well ? Naming::when_flushed : Naming::by_rename;
}

}  // namespace syncline::engine
