// Hashing: the only stage that computes rather than waits.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "md5/lanes.h"
#include "pass/passes.h"

#include <span>
#include <vector>

namespace syncline::engine {

/// The digest of every file in `group` whose bytes are in hand. `lanes`: the worker's own.
void hash(const Passes& passes, md5::Lanes& lanes, FileGroup& group);

/// Every stream of `stripe` goes on by the segment in hand; where that was the last, the chunk's
/// fingerprint goes into its file's list.
void hash(const Passes& passes, md5::Lanes& lanes, Stripe& stripe);

/// Of the file that has these chunks: `data`, by their places, and holes.
Fingerprint fingerprint_of(const Pass& pass, const DataChunks& data,
                           std::span<const Fingerprint> chunks);

/// Those of all of its chunks, for the index; none of a file of more than 512 GiB that has holes.
std::vector<Fingerprint> all_chunks(const Pass& pass, const DataChunks& data,
                                    const std::vector<Fingerprint>& chunks);

}  // namespace syncline::engine
