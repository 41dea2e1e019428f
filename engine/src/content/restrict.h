// What can be done of a change of hands where no fresh file can be made: the disk is full, the
// folder does not let us, something is mounted there.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

namespace syncline::engine {

/// What `task` could not replace loses the rights that the source does not give. Nothing else of it
/// changes, nor anything where it has other names. Where this cannot be done either, that is not
/// told: the copy's failure is.
void restrict_rights(Pass& pass, const FileTask& task);

}  // namespace syncline::engine
