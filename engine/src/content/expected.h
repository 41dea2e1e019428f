// What a copy will be seen as once it has its name, for whoever takes it back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"
#include "replica/intentions.h"

namespace syncline::engine {

/// `copy`: what it is, where that is known by now.
inline kept::Left expected(const Pass& pass, const FileTask& task, FileId copy = {}) {
  Entry entry = task.source;
  entry.identity.id = copy;
  return left_as(*task.folder, entry, pass.terms.options.metadata.times);
}

}  // namespace syncline::engine
