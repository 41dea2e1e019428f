// What was decided of a file that was read is done.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/decide.h"
#include "content/transfer.h"
#include "model/fingerprint.h"
#include "pass/pass.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace syncline::engine {

/// What a decision about `task` depends on beside the file.
Grounds grounds_of(const Pass& pass, const FileTask& task);

/// Decides what becomes of `file`, and does it. `chunks`: of a file of more than one.
/// `finish_copy` makes its copy, and may throw SystemError. `kept_bytes`: that an interrupted copy
/// held of it.
void carry_out(Pass& pass, LoadedFile& file, const std::vector<Fingerprint>& chunks,
               const std::function<Copy()>& finish_copy, Outcomes& out,
               std::uint64_t kept_bytes = 0);

}  // namespace syncline::engine
