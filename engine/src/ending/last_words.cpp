// SPDX-License-Identifier: MIT
#include "ending/last_words.h"

#include <chrono>
#include <string>

namespace syncline {
namespace {

std::string in_seconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

Notice notice_of(const filesystem::LateCall& call, const HangLimits& limits) {
  return {.path = {},
          .text = "no answer to '" + std::string(filesystem::to_string(call.call)) + "' of '" +
                  call.path + "' for " + in_seconds(call.age) +
                  ": its file system may hang. What does not need it goes on; a stop waits " +
                  in_seconds(limits.given_up_after) + " for it"};
}

Failure failure_of(const filesystem::LateCall& call) {
  return {.kind = FailureKind::error,
          .path = Path{call.path},
          .operation = filesystem::to_string(call.call),
          .error_number = 0,
          .detail = "no answer to '" + std::string(filesystem::to_string(call.call)) + "' for " +
                    in_seconds(call.age) +
                    ": given up, for a stop was asked for. What was done is kept"};
}

}  // namespace syncline
