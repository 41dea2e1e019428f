// Chunks that are one hole cost nothing: their bytes are zeros, and so what they come to is
// always the same. They are neither read nor hashed, on either side, so that 3 TB of hole take
// seconds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"
#include "stages/pass.h"
#include "stages/transfer.h"

#include <cstdint>
#include <vector>

namespace syncline::stages {

/// Of a whole chunk of zeros.
Fingerprint fingerprint_of_hole(const Pass& pass);

/// For each chunk of a file of `size` bytes whether anything in it is data, as far as the file
/// system can tell. Throws SystemError.
std::vector<bool> chunks_with_data(const filesystem::File& file, std::uint64_t size);

/// Takes the chunks that are one hole out of those of `file` that are to be read. It is open, and
/// what it is compared with or written over; a chunk where that has data is left in.
void skip_holes(Pass& pass, ChunkedFile& file);

}  // namespace syncline::stages
