// Descriptors 0, 1 and 2, and what is written to the last two.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline::cli {

/// A program may be started with one of them closed. The next file opened would then take its
/// number, and messages would be written into a file being mirrored. So each that is closed is
/// opened on /dev/null first.
void claim_standard_streams();

// Thread-safe, all of them.

/// A line on standard output.
void say(std::string_view line);

/// The same, and it and all before it arrive at once.
void say_now(std::string_view line);

/// A line on standard error, with the program's name before it.
void complain(std::string_view what);

/// The same, but lost where nobody takes it at once: a pipe is full, a terminal was stopped.
void complain_if_heard(std::string_view what);

/// A line at the foot of the terminal that standard error is, on which all else that is said
/// appears above it. It stays until it is replaced; empty: none. At most as wide as the terminal.
void show_status(std::string_view line);

/// Whether all that was said has arrived; complains where it has not.
bool flush_output();

}  // namespace syncline::cli
