// A finished file opened once more, to be flushed or read back.
//
// Its mode may keep even us, its owner, from reading it, as 0044 does: then it is opened up (u+r)
// for as long as opening it takes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"
#include "stages/transfer.h"

#include <string>

namespace syncline::stages {

/// The name that it has by now.
inline const std::string& name_of(const Finished& finished) {
  return finished.copy.temporary.empty() ? finished.task.name : finished.copy.temporary;
}

/// For reading. Throws SystemError.
filesystem::File reopen(Pass& pass, const Finished& finished);

}  // namespace syncline::stages
