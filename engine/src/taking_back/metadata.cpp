// SPDX-License-Identifier: MIT
#include "taking_back/metadata.h"

#include "filesystem/explained.h"
#include "filesystem/process.h"
#include "filesystem/system_error.h"

#include <cerrno>

namespace syncline::engine {

MetadataChange what_differs(const Entry& want, const Entry& found) {
  return difference(want, found,
                    Means{.user = filesystem::privileges(), .holds = {}, .compared = {}});
}

void require_set(const filesystem::Refusal& refusal) {
  if (refusal.failure) throw filesystem::ExplainedError(*refusal.failure);
  if ((refusal.pieces | refusal.postponed).any())
    throw filesystem::SystemError("set the metadata of", {}, EPERM);
}

}  // namespace syncline::engine
