// For programs that open files which their user named (settings, lists, a log): opened by the rule
// that holds for the roots, so that no other user can lead a privileged program elsewhere.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace syncline {

/// open(2) with `flags` and O_CLOEXEC, and with `mode` for a new file. But a symlink, at the end of
/// `path` or on the way, is followed only if root or the effective user owns it. Returns the
/// descriptor, which the caller closes. Throws std::system_error; the message of its code is for
/// people. Thread-safe.
int open_named(const std::string& path, int flags, unsigned mode = 0);

/// The file is not used, since others could have written it, or since it is no file. what() is for
/// people: a sentence about "it" that says why, and what to do.
class Untrusted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Opens for reading a file that steers a run: settings, a list of names or rules. It must be a
/// plain file that only root, the effective user, and the user who called sudo(8) ($SUDO_UID) can
/// write to; or a pipe without a name that the caller was handed; or /dev/null. Anything else is
/// refused, and not waited for. Returns the descriptor, which the caller closes. Throws Untrusted,
/// and std::system_error as open_named() does. Thread-safe.
int open_to_be_steered(const std::string& path);

/// Checks an open plain file in the same way. `fd` stays open and the caller's; messages call it
/// `path`. Throws Untrusted and std::system_error. Thread-safe.
void require_trusted(int fd, const std::string& path);

}  // namespace syncline
