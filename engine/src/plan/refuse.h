// Why a file is not taken for a plan.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/system_error.h"

#include "syncline/mirror.h"
#include "syncline/refusal.h"

#include <string>
#include <utility>

namespace syncline::planning {

[[noreturn]] inline void refuse(Refusal why) {
  throw Unusable(Status::files_unusable, std::move(why));
}

[[noreturn]] inline void refuse_as_unusable(const std::string& path,
                                            const filesystem::SystemError& error) {
  refuse({.code = RefusalCode::plan_unusable,
          .path = path,
          .operation = error.operation(),
          .error_number = error.error_number()});
}

}  // namespace syncline::planning
