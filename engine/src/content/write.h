// Writing: what decide() made of files that were read, carried out. A copy ends as a finished
// temporary; publishing it is another stage.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/passes.h"

#include <vector>

namespace syncline::engine {

std::vector<Outcomes> write(const Passes& passes, FileGroup& group);

/// All chunks of `file` are done: the copy is completed, or let go.
Outcomes write(Pass& pass, ChunkedFile& file);

}  // namespace syncline::engine
