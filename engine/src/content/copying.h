// What a large file is copied into: a fresh file beside its place, or the one that is there.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/file.h"
#include "pass/pass.h"

namespace syncline::engine {

/// The file that `file` is copied into, made on first use. Throws SystemError.
filesystem::File& copy_of(Pass& pass, ChunkedFile& file);

}  // namespace syncline::engine
