// Chunks that are one hole cost nothing: their bytes are zeros, and so what they come to is
// always the same. They are neither read nor hashed, on either side, so that 3 TB of hole take
// seconds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/data_chunks.h"
#include "content/transfer.h"
#include "filesystem/open_file.h"
#include "pass/pass.h"

#include <cstdint>

namespace syncline::engine {

/// Of a whole chunk of zeros.
Fingerprint fingerprint_of_hole(const Pass& pass);

/// Those of a file of `size` bytes that hold data, as far as the file system can tell, and the last
/// one where it is no whole chunk. Throws SystemError.
DataChunks chunks_with_data(const filesystem::OpenFile& file, std::uint64_t size);

/// Finds out which chunks of `file` are data, and makes room for what is kept of each. It is open,
/// and so is what it is compared with or written over: a chunk where that has data is one of them.
/// All the others are neither read nor hashed. Throws SystemError.
void lay_out_chunks(Pass& pass, ChunkedFile& file);

}  // namespace syncline::engine
