// Second stage: the next names of a folder are looked at on both sides and sorted by what has to
// happen to them. It decides and writes nothing; entries that are the same end here.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "pass/pass.h"
#include "walk/batch.h"
#include "walk/steps.h"

#include <cstddef>

namespace syncline::engine {

/// The next names of `folder`, `most` of them or what is left. Changes what is still to be handed
/// out: by one thread at a time.
Batch next_batch(Folder& folder, std::size_t most);

Steps reconcile(Pass& pass, const FolderRef& folder, const Batch& batch);

}  // namespace syncline::engine
