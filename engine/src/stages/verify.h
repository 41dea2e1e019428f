// What was written, read back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"
#include "stages/transfer.h"

namespace syncline::stages {

/// Reads `finished` back, past the page cache where the disk allows, and throws Unverified unless
/// it is what was hashed. Throws SystemError.
void verify(Pass& pass, const Finished& finished);

}  // namespace syncline::stages
