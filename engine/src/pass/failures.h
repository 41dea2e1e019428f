// Exceptions turned into the values that reach the observer: an item's failure is data.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/system_error.h"
#include "pass/folder.h"

#include "syncline/event.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace syncline::engine {

Failure failure_of(Path path, const filesystem::SystemError& error);
/// For what no system call refused.
Failure failure_of(Path path, FailureKind kind, std::string detail);

/// What was written is not what is read back.
class Unverified : public std::runtime_error {
 public:
  Unverified() : std::runtime_error("what was written reads back as something else") {}
};

/// Runs `work`; what it throws becomes a failure of `name` in `folder` (of the folder itself with
/// an empty name), handed to `on_failure`. True: it succeeded.
template <typename Work, typename OnFailure>
bool attempt(const Folder& folder, const std::string& name, Work work, OnFailure on_failure) {
  try {
    work();
    return true;
  } catch (const filesystem::SystemError& error) {
    on_failure(failure_of(name.empty() ? path_of(folder) : path_of(folder, name), error));
  } catch (const Unverified& error) {
    on_failure(failure_of(name.empty() ? path_of(folder) : path_of(folder, name),
                          FailureKind::unverified, error.what()));
  } catch (const std::exception& error) {
    on_failure(failure_of(name.empty() ? path_of(folder) : path_of(folder, name),
                          FailureKind::error, error.what()));
  }
  return false;
}

}  // namespace syncline::engine
