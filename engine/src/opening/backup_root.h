// The folder that backups are kept in, opened, and refused where it would do harm.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "opening/roots.h"
#include "replica/backup.h"

#include "syncline/options.h"

#include <memory>

namespace syncline {

/// nullptr where no backups are asked for, or in a dry run where their folder would have to be
/// made. Creates that where it is missing. Throws Unusable.
std::unique_ptr<engine::Backups> open_backups(const Options& options, const OpenRoots& roots);

}  // namespace syncline
