// What this process may use, and how a pass shares it out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/terms.h"

#include "syncline/options.h"

#include <cstdint>

namespace syncline {

/// How many descriptors may be used. Makes room for what a pass usually needs of them.
std::uint64_t claim_descriptors();

/// As many of the `wanted` workers as so many descriptors serve. oneTBB ends the process where it
/// cannot start one, or finds no memory while it does: throws SystemError where that is to be
/// expected.
Workers claim_workers(std::uint64_t descriptors, Workers wanted);

engine::OpenLimits open_limits(std::uint64_t descriptors, const Workers& workers);

}  // namespace syncline
