// What a pass has to say for itself beside its single events.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deletions.h"
#include "opening/index_file.h"
#include "opening/roots.h"
#include "pass/pass.h"
#include "pass/record.h"
#include "replica/backup.h"

#include "syncline/mirror.h"

namespace syncline {

/// That something is there under the name that is reserved for us.
void tell_of_reserved_name(const OpenRoots& roots, engine::Recorder& recorder);

/// What the index has to say before the walk.
void tell_of_index(const OpenIndex& opened, const OpenRoots& roots, engine::Recorder& recorder);

/// Older backups that are called otherwise now.
void tell_of_backups(const engine::Backups& backups, engine::Recorder& recorder);

/// What the walk found out about what stamps are worth, and what they cost.
void tell_of_stamps(const engine::Pass& pass, engine::Recorder& recorder);

Summary summarize(const engine::Pass& pass, const engine::Recorder& recorder,
                  const DeletionVerdict& deletions);

}  // namespace syncline
