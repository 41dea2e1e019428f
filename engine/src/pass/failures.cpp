// SPDX-License-Identifier: MIT
#include "pass/failures.h"

#include "filesystem/explained.h"

#include <cerrno>

namespace syncline::engine {
namespace {

// A large attribute is refused with the number of a full disk (setxattr(2)).
bool is_of_large_attribute(const filesystem::SystemError& error) {
  return error.operation().starts_with("set the extended attribute") &&
         error.error_number() == ENOSPC;
}

}  // namespace

Failure failure_of(Path path, const filesystem::SystemError& error) {
  return {.kind = FailureKind::error,
          .path = std::move(path),
          .code = is_of_large_attribute(error) ? FailureCode::attribute_too_large
                                               : FailureCode::system_call,
          .operation = error.operation(),
          .error_number = error.error_number(),
          .cause = filesystem::known_cause_of(error)};
}

Failure failure_of(Path path, FailureKind kind, FailureCode code) {
  return {.kind = kind, .path = std::move(path), .code = code, .operation = {}};
}

Failure failure_of(Path path, const std::exception& error) {
  Failure failure = failure_of(std::move(path), FailureKind::error, FailureCode::other);
  failure.cause = error.what();
  return failure;
}

Failure Refused::failure(Path path) const {
  Failure failure = failure_of(std::move(path), kind_, code_);
  failure.name = name_;
  return failure;
}

}  // namespace syncline::engine
