// SPDX-License-Identifier: MIT
#include "content/restrict.h"

#include "filesystem/system_error.h"
#include "replica/intentions.h"

namespace syncline::engine {

void restrict_rights(Pass& pass, const FileTask& task) {
  const bool keeps_modes = pass.terms.options.metadata.mode &&
                           pass.terms.means(*task.folder).holds.mode && !pass.terms.options.dry_run;
  if (task.verb == Verb::create || !keeps_modes) return;
  try {
    const auto directory = pass.handles.get(*task.folder);
    const auto now = directory->look(task.name);
    if (!now || now->kind != Kind::file || now->links > 1) return;
    Entry less = *now;
    less.mode &= task.source.mode;
    if (less.mode == now->mode) return;
    if (auto* const intentions = pass.replica.intentions)
      intentions->set_metadata(*task.folder, task.name, *now, left_as(*task.folder, *now, true));
    directory->set_metadata(task.name, *now, less, {.mode = true});
  } catch (const filesystem::SystemError&) {
    // See above.
  }
}

}  // namespace syncline::engine
