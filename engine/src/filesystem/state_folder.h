// Where we keep what has to outlast a run. Whoever can write an index can forge proofs, so it has
// to be ours and in a folder that nobody else can write to (trust.h).
//
// Sources: systemd.exec(5) for $STATE_DIRECTORY; the XDG Base Directory Specification for
// $XDG_STATE_HOME.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/directory.h"

#include <optional>
#include <string>

namespace syncline::filesystem {

/// The usual place for this user; none where the environment and the user database name no home.
std::optional<std::string> usual_state_folder();

/// The same for all runs of this user on this machine, whatever their environment; none where the
/// user database names no home.
std::optional<std::string> fixed_state_folder();

/// Opens `path`, making it and what is missing above it for this user alone. Throws SystemError.
Directory make_state_folder(const std::string& path);

}  // namespace syncline::filesystem
