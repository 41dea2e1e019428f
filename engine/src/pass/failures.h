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
Failure failure_of(Path path, FailureKind kind, FailureCode code);

/// What one entry fails for, though no system call refused it.
class Refused : public std::runtime_error {
 public:
  explicit Refused(FailureCode code, std::string name = {}, FailureKind kind = FailureKind::error)
      : std::runtime_error(to_string(code)), code_(code), name_(std::move(name)), kind_(kind) {}

  [[nodiscard]] Failure failure(Path path) const;

 private:
  FailureCode code_;
  std::string name_;  ///< Failure::name
  FailureKind kind_;
};

/// What was written is not what is read back.
class Unverified : public Refused {
 public:
  Unverified() : Refused(FailureCode::unverified, {}, FailureKind::unverified) {}
};

/// For anything else that a library throws.
Failure failure_of(Path path, const std::exception& error);

/// Runs `work`; what it throws becomes a failure of `name` in `folder` (of the folder itself with
/// an empty name), handed to `on_failure`. True: it succeeded.
template <typename Work, typename OnFailure>
bool attempt(const Folder& folder, const std::string& name, Work work, OnFailure on_failure) {
  try {
    work();
    return true;
  } catch (const filesystem::SystemError& error) {
    on_failure(failure_of(name.empty() ? path_of(folder) : path_of(folder, name), error));
  } catch (const Refused& error) {
    on_failure(error.failure(name.empty() ? path_of(folder) : path_of(folder, name)));
  } catch (const std::exception& error) {
    on_failure(failure_of(name.empty() ? path_of(folder) : path_of(folder, name), error));
  }
  return false;
}

}  // namespace syncline::engine
