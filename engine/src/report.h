// What a pass has to say for itself beside its single events.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deletions.h"
#include "index_file.h"
#include "roots.h"
#include "stages/pass.h"
#include "stages/record.h"

#include "syncline/mirror.h"

namespace syncline {

/// That something is there under the name that is reserved for us.
void tell_of_reserved_name(const OpenRoots& roots, stages::Recorder& recorder);

/// What the index has to say before the walk.
void tell_of_index(const OpenIndex& opened, const OpenRoots& roots, stages::Recorder& recorder);

/// Older backups that are called otherwise now.
void tell_of_backups(const stages::Backups& backups, stages::Recorder& recorder);

/// What the walk found out about what stamps are worth, and what they cost.
void tell_of_stamps(const stages::Pass& pass, stages::Recorder& recorder);

Summary summarize(const stages::Pass& pass, const stages::Recorder& recorder,
                  const DeletionVerdict& deletions);

}  // namespace syncline
