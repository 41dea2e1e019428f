// What a file begins with: enough to tell it from nearly all others of its size, and cheap.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/fingerprint.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include <optional>
#include <string>

namespace syncline::engine {

/// Of the first chunk of `name` in the source's `folder`, which is to have `size` bytes;
/// nullopt where it has not, or the pass ends. Throws SystemError.
std::optional<Fingerprint> first_chunk_of(Pass& pass, Folder& folder, const std::string& name,
                                          std::uint64_t size);

}  // namespace syncline::engine
