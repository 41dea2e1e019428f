// Files that a person named to the program, opened by the rule that holds for the roots.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace syncline {

/// open(2) with O_CLOEXEC, but that a symlink, at the end of `path` or on the way, is followed only
/// if root or the effective user owns it. Returns the descriptor, which the caller closes. Throws
/// std::system_error whose code's message is for a person. Thread-safe.
int open_named(const std::string& path, int flags, unsigned mode = 0);

/// What is named is not heeded: it says, of "it", why, and what to do.
class Untrusted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Opens, to be read, a file that steers a run: settings, a list of names or rules. It is a plain
/// file that nobody could have written but root, the effective user and who has root run by sudo(8)
/// ($SUDO_UID); or a pipe without a name, which the caller was handed; or /dev/null. What else has
/// that name is not waited for. Returns the descriptor, which the caller closes. Throws Untrusted,
/// and std::system_error as open_named() does. Thread-safe.
int open_to_be_steered(const std::string& path);

/// The same is asked of the open plain file `fd`, which messages call `path`. Throws likewise.
void require_trusted(int fd, const std::string& path);

}  // namespace syncline
