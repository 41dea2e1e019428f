// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deletions.h"
#include "opening/index_file.h"
#include "pass/pass.h"
#include "pass/record.h"

#include "syncline/mirror.h"

namespace syncline {

/// Leaves what `pass` learned on the disk, and in `summary` what there is to say of that. From here
/// on nothing is written to the index.
void close_index(engine::Pass& pass, OpenIndex& opened, engine::Recorder& recorder,
                 const DeletionVerdict& deletions, Summary& summary);

}  // namespace syncline
