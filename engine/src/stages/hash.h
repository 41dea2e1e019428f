// Hashing: the only stage that computes rather than waits.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/lanes.h"
#include "stages/pass.h"
#include "stages/transfer.h"

#include <span>

namespace syncline::stages {

/// The digest of every file in `group` whose bytes are in hand. `lanes`: the worker's own.
void hash(Pass& pass, md5::Lanes& lanes, FileGroup& group);

/// Every stream of `stripe` goes on by the segment in hand; where that was the last, the chunk's
/// fingerprint goes into its file's list.
void hash(Pass& pass, md5::Lanes& lanes, Stripe& stripe);

/// Of the file that has these chunks: at least one.
Fingerprint fingerprint_of(const Pass& pass, std::span<const Fingerprint> chunks);

}  // namespace syncline::stages
