// SPDX-License-Identifier: MIT
#include "replica/quarantine.h"

#include "filesystem/system_error.h"
#include "pass/record.h"

#include <cerrno>

namespace syncline::engine {
namespace {

using filesystem::SystemError;

}  // namespace

void Quarantine::make_way(Pass& pass, Folder& folder, const std::string& name) const {
  const auto written = intentions_.take(folder, name);
  if (!written || written->item.number == 0) return;  // nothing had that name
  const auto directory = pass.handles.get(folder);
  const auto items = intentions_.folder_of(written->item);
  const std::string item = kept::Store::name_of(written->item);
  if (directory->try_link(name, *items, item)) return;
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
