// SPDX-License-Identifier: MIT
#include "content/give_up.h"

#include "filesystem/discard.h"
#include "filesystem/system_error.h"

#include <utility>

namespace syncline::engine {
void discard(Pass& pass, const Finished& finished) {
  if (finished.copy.temporary.empty()) return;
  try {
    filesystem::discard_closed(*pass.handles.get(*finished.task.folder), finished.copy.temporary,
                               finished.copy.id);
  } catch (const filesystem::SystemError&) {
    // Its folder is gone or out of reach: litter for the next run, if it still is there at all.
  }
}

void be_over(Pass& pass, Finished& finished, Outcomes& out) {
  ++pass.books.done.entries;
  pass.books.secured += finished.task.to_secure - finished.secured;
  out.over.push_back(std::move(finished.task.folder));
}

void give_up(Pass& pass, Finished& finished, Outcomes& out) {
  discard(pass, finished);
  be_over(pass, finished, out);
}

}  // namespace syncline::engine
