// SPDX-License-Identifier: MIT
#include "stages/failures.h"

#include <cstring>

namespace syncline::stages {

Failure failure_of(std::string path, const filesystem::SystemError& error) {
  return {.kind = FailureKind::error,
          .path = std::move(path),
          .operation = error.operation(),
          .error_number = error.error_number(),
          .detail = "could not " + error.operation() + ": " + error.code().message()};
}

Failure failure_of(std::string path, FailureKind kind, std::string detail) {
  return {.kind = kind,
          .path = std::move(path),
          .operation = {},
          .error_number = 0,
          .detail = std::move(detail)};
}

}  // namespace syncline::stages
