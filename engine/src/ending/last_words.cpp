// SPDX-License-Identifier: MIT
#include "ending/last_words.h"

#include <chrono>
#include <cstdint>

namespace syncline {
namespace {

std::int64_t in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

}  // namespace

Notice notice_of(const filesystem::LateCall& call, const HangLimits& limits) {
  return {.path = {},
          .code = NoticeCode::no_answer,
          .name = call.path,
          .other = filesystem::to_string(call.call),
          .numbers = {static_cast<std::uint64_t>(in_seconds(call.age)),
                      static_cast<std::uint64_t>(in_seconds(limits.given_up_after))}};
}

Failure failure_of(const filesystem::LateCall& call) {
  return {.kind = FailureKind::error,
          .path = Path{call.path},
          .code = FailureCode::no_answer,
          .operation = filesystem::to_string(call.call),
          .seconds = in_seconds(call.age)};
}

}  // namespace syncline
