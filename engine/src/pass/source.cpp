// SPDX-License-Identifier: MIT
#include "pass/source.h"

#include "filesystem/system_error.h"

namespace syncline::engine {

filesystem::Access Source::access(Folder& folder) {
  const std::uint64_t device = folder.side(Side::source).id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto known = access_.find(device); known != access_.end()) return known->second;
  }
  try {
    const auto access = filesystem::access_of(*handles_.get(folder, Side::source));
    const std::scoped_lock lock{mutex_};
    return access_.emplace(device, access).first->second;
  } catch (const filesystem::SystemError&) {
    return filesystem::Access::in_order;  // the folder is out of reach, and so will its files be
  }
}

}  // namespace syncline::engine
