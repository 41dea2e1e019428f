// Reading: the bytes of small files into their group's buffer, one chunk of a large file into its
// own. Where the destination's bytes decide, they are compared here, slice by slice; where a large
// file is being copied, its bytes are written here, while they are warm.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"
#include "stages/transfer.h"

namespace syncline::stages {

/// Reads every file of `group`, whose buffer is set; each ends up loaded, equal, changed, failed or
/// dropped.
void read_group(Pass& pass, FileGroup& group);

/// Opens `file` if need be and claims its next chunk; nullopt when all are claimed, or the rest is
/// not wanted.
std::optional<std::uint32_t> claim_chunk(Pass& pass, ChunkedFile& file);

/// Reads `chunk`, whose buffer is set. Failures are kept in the file; the chunk's content is empty
/// then.
void read_chunk(Pass& pass, Chunk& chunk);

/// One holder of `file` is done with it: a chunk that was hashed or dropped, or the claimer when
/// nothing is left to claim. True for the last one, the file's progress then being final.
bool release_chunk(ChunkedFile& file);

}  // namespace syncline::stages
