// SPDX-License-Identifier: MIT
#include "pass/failures.h"

#include "filesystem/explained.h"

#include <cerrno>
#include <string_view>

namespace syncline::engine {

namespace {

// "set the times of" what? The path stands before the sentence.
std::string whole(const std::string& operation) {
  for (const std::string_view preposition : {" of", " to", " for", " with", " in", " from"})
    if (std::string_view(operation).ends_with(preposition)) return operation + " it";
  return operation;
}

// A large attribute is refused with the number of a full disk (setxattr(2)).
std::string reason_for(const filesystem::SystemError& error) {
  if (error.operation().starts_with("set the extended attribute") && error.error_number() == ENOSPC)
    return "it is larger than DST's file system takes, or the disk is full";
  return filesystem::reason_of(error);
}

}  // namespace

Failure failure_of(Path path, const filesystem::SystemError& error) {
  return {.kind = FailureKind::error,
          .path = std::move(path),
          .operation = error.operation(),
          .error_number = error.error_number(),
          .detail = "could not " + whole(error.operation()) + ": " + reason_for(error)};
}

Failure failure_of(Path path, FailureKind kind, std::string detail) {
  return {.kind = kind,
          .path = std::move(path),
          .operation = {},
          .error_number = 0,
          .detail = std::move(detail)};
}

}  // namespace syncline::engine
