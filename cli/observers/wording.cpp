// SPDX-License-Identifier: MIT
#include "observers/wording.h"

#include "escape.h"
#include "join.h"

#include <spdlog/fmt/fmt.h>

#include <system_error>
#include <vector>

namespace syncline::cli {
namespace {

const char* bare_wording(FailureKind kind) {
  switch (kind) {
    case FailureKind::vanished:
      return "vanished before it was read";
    case FailureKind::changed:
      return "changed while it was read";
    case FailureKind::error:
      break;
  }
  return "failed";
}

}  // namespace

std::string describe(const Action& action, bool dry_run) {
  std::string details;
  const auto add = [&](const std::string& detail) {
    details += details.empty() ? " (" : "; ";
    details += detail;
  };
  if (!action.reason.empty()) add(one_line(action.reason));
  if (action.bytes != 0) add(std::to_string(action.bytes) + " bytes");
  if (action.digest) add("md5 " + to_string(*action.digest));
  if (!details.empty()) details += ')';
  return fmt::format("{}{} {} {}{}", dry_run ? "would " : "", to_string(action.verb),
                     to_string(action.kind), quote(action.path), details);
}

std::string describe(const Failure& failure) {
  std::vector<std::string> parts;
  if (!failure.operation.empty()) parts.push_back("could not " + one_line(failure.operation));
  if (failure.error_number != 0) {
    parts.push_back(std::generic_category().message(failure.error_number));
  }
  if (!failure.detail.empty()) parts.push_back(one_line(failure.detail));
  return parts.empty() ? bare_wording(failure.kind) : join(parts, ": ");
}

}  // namespace syncline::cli
