// SPDX-License-Identifier: MIT
#include "stages/reopen.h"

namespace syncline::stages {

filesystem::File reopen(Pass& pass, const Finished& finished) {
  const auto folder = pass.handles.get(*finished.task.folder, Side::destination);
  const std::string& name = name_of(finished);
  const auto seen = folder->look(name);
  if (!seen || !pass.privileges.is_shut_out(*seen, Privileges::owner_reads))
    return folder->open_file(name);
  Entry opened_up = *seen;
  opened_up.mode |= Privileges::owner_reads;
  folder->set_metadata(name, finished.copy.id, opened_up, {.mode = true});
  auto file = folder->open_file(name);
  file.set_metadata(*seen, {.mode = true});
  return file;
}

}  // namespace syncline::stages
