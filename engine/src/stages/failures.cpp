// SPDX-License-Identifier: MIT
#include "stages/failures.h"

#include "filesystem/explained.h"

#include <string_view>

namespace syncline::stages {

namespace {

// "set the times of" what? The path stands before the sentence.
std::string whole(const std::string& operation) {
  for (const std::string_view preposition : {" of", " to", " for", " with", " in", " from"})
    if (std::string_view(operation).ends_with(preposition)) return operation + " it";
  return operation;
}

}  // namespace

Failure failure_of(std::string path, const filesystem::SystemError& error) {
  return {.kind = FailureKind::error,
          .path = std::move(path),
          .operation = error.operation(),
          .error_number = error.error_number(),
          .detail = "could not " + whole(error.operation()) + ": " + filesystem::reason_of(error)};
}

Failure failure_of(std::string path, FailureKind kind, std::string detail) {
  return {.kind = kind,
          .path = std::move(path),
          .operation = {},
          .error_number = 0,
          .detail = std::move(detail)};
}

}  // namespace syncline::stages
