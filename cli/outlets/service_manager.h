// What the service manager wants to know of a service, told as sd_notify(3) describes it: one
// datagram of "KEY=value" to the socket that $NOTIFY_SOCKET names.
//
// That page promises the protocol to stay, and calls libsystemd unnecessary for it: these lines
// spare every user of the program a library that parses journals.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline::cli {

/// `state` is one assignment without a line's end, such as "READY=1". Does nothing where no service
/// manager listens; a message that does not arrive within a second is lost. May be called from any
/// thread.
void tell_service_manager(std::string_view state) noexcept;

}  // namespace syncline::cli
