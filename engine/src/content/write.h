// Writing: what decide() made of files that were read, carried out. A copy ends as a finished
// temporary; publishing it is another stage.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/file.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Gives `file`, which holds the content, what else the copy of `task` needs.
Copy complete(Pass& pass, const FileTask& task, filesystem::File& file);

Outcomes write(Pass& pass, FileGroup& group);

/// All chunks of `file` are done: the copy is completed, or let go.
Outcomes write(Pass& pass, ChunkedFile& file);

}  // namespace syncline::engine
