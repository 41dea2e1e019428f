// SPDX-License-Identifier: MIT
#include "replica/quarantine.h"

#include "filesystem/system_error.h"
#include "pass/record.h"

#include <cerrno>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

// False where the file system has no hard links, or not of this file: it has as many as it can, or
// is somebody else's (proc_sys_fs(5), protected_hardlinks).
bool link(const Directory& folder, const std::string& name, const Directory& items,
          const std::string& item) {
  try {
    folder.link(name, items, item);
    return true;
  } catch (const SystemError& error) {
    const int why = error.error_number();
    if (why == EPERM || why == EOPNOTSUPP || why == ENOSYS || why == EMLINK) return false;
    throw;
  }
}

}  // namespace

void Quarantine::make_way(Pass& pass, Folder& folder, const std::string& name) const {
  const auto written = intentions_.take(folder, name);
  if (!written || written->item.number == 0) return;  // nothing had that name
  const auto directory = pass.handles.get(folder);
  const auto items = intentions_.folder_of(written->item);
  const std::string item = kept::Store::name_of(written->item);
  if (link(*directory, name, *items, item)) return;
  directory->move_to_new(name, *items, item);
  if (!has_told_.exchange(true))
    pass.recorder->record(Notice{.path = path_of(folder, name), .code = NoticeCode::kept_with_gap});
}

void Quarantine::take(Pass& pass, Folder& folder, const std::string& name) const {
  intentions_.leave(folder, name);
  const auto written = intentions_.take(folder, name);
  if (!written) throw SystemError("look at", name, ENOENT);
  pass.handles.get(folder)->move_to_new(name, *intentions_.folder_of(written->item),
                                        kept::Store::name_of(written->item));
}

}  // namespace syncline::engine
