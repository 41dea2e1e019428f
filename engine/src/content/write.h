// Writing: what decide() made of files that were read, carried out. A copy ends as a finished
// temporary; publishing it is another stage.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

namespace syncline::engine {

Outcomes write(Pass& pass, FileGroup& group);

/// All chunks of `file` are done: the copy is completed, or let go.
Outcomes write(Pass& pass, ChunkedFile& file);

}  // namespace syncline::engine
