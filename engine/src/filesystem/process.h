// What this process may do: ask the kernel, not the user.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"

namespace syncline::filesystem {

/// CAP_CHOWN decides about owners and CAP_DAC_OVERRIDE about access, not the user number: a
/// container's root may lack it.
Privileges privileges();

/// Raises the soft limit of open files to the hard one; returns the limit in force.
std::uint64_t raise_descriptor_limit();

}  // namespace syncline::filesystem
