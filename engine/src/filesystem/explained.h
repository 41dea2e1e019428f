// Errors whose cause is known better than errno tells it. Who tells them to people prefers their
// reason to the number's; all others treat them like any SystemError.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/system_error.h"

#include <string>
#include <string_view>

namespace syncline::filesystem {

class ExplainedError : public SystemError {
 public:
  /// `reason` completes "could not ...: "; empty: the number's own does.
  ExplainedError(std::string_view operation, std::string_view name, int error_number,
                 std::string reason)
      : SystemError(operation, name, error_number), reason_(std::move(reason)) {}

  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// Throws for the current errno, which a call upon `name` in the open folder `folder` left; looks
/// there for the cause first. Costs calls only then.
[[noreturn]] void throw_explained(std::string_view operation, int folder, const std::string& name);

/// Why nobody may change the open file or folder `fd`, as lsattr(1) shows it: "it is immutable
/// ...". Empty where that is not so, or the file system does not tell.
std::string protection_of(int fd);

/// What is known of the cause of `error` beyond its number; empty: nothing.
std::string known_cause_of(const SystemError& error);
/// What `error` is for people.
std::string reason_of(const SystemError& error);

}  // namespace syncline::filesystem
