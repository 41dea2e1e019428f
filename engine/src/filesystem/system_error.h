// The one exception that a failed system call becomes. Thrown from this folder only; absence of an
// entry is a value (std::optional) wherever it is an answer rather than a failure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace syncline::filesystem {

class SystemError : public std::system_error {
 public:
  /// `operation` in words that complete "could not ..."; `name` is the one plain name within its
  /// folder, or empty.
  SystemError(std::string_view operation, std::string_view name, int error_number)
      : SystemError(operation, name, {error_number, std::generic_category()}) {}
  SystemError(std::string_view operation, std::string_view name, std::error_code why)
      : std::system_error(why, "could not " + std::string(operation)),
        operation_(operation),
        name_(name) {}

  [[nodiscard]] const std::string& operation() const { return operation_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int error_number() const { return code().value(); }

 private:
  std::string operation_;
  std::string name_;
};

/// Throws for the current errno.
[[noreturn]] void throw_errno(std::string_view operation, std::string_view name = {});

}  // namespace syncline::filesystem
