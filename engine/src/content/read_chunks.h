// Reading large files: the next segment of each stream of a stripe into its place there. Where the
// destination's bytes decide, they are compared here; where a file is being copied, its bytes are
// written here, while they are warm. And they are tagged here: until their MD5 is taken, those of
// many others have been read.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Opens `file` on both sides. Where that fails, or the pass is ending, it has ended early.
void open_chunked(ChunkedFile& file);

/// Reads the next segment of every stream of `stripe`, whose buffer is set. The file of a stream
/// that cannot go on has ended early.
void read_stripe(Stripe& stripe);

}  // namespace syncline::engine
