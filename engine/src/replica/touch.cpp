// SPDX-License-Identifier: MIT
#include "replica/touch.h"

#include "replica/intentions.h"

namespace syncline::engine {

// Other workers may change it as soon as it counts as touched: so that comes last.
void touch(Pass& pass, Folder& folder) {
  if (folder.touched) return;
  if (pass.replica.intentions != nullptr) pass.replica.intentions->change(folder);
  if (!pass.terms.privileges.any_access) {
    const auto directory = pass.handles.get(folder);
    Entry seen = folder.destination ? *folder.destination : directory->look();
    if (pass.terms.privileges.is_shut_out(seen, Privileges::all_of_owner)) {
      seen.mode |= Privileges::all_of_owner;
      directory->set_metadata(seen, {.mode = true});
    }
  }
  folder.touched = true;
}

}  // namespace syncline::engine
