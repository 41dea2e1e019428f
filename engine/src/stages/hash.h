// Hashing: the only stage that computes rather than waits.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"
#include "stages/transfer.h"

namespace syncline::stages {

/// The digest of every file in `group` whose bytes are in hand.
void hash(Pass& pass, FileGroup& group);

/// The MD5 of one chunk, into its file's list.
void hash(Pass& pass, Chunk& chunk);

}  // namespace syncline::stages
