// SPDX-License-Identifier: MIT
#include "tell/wording.h"

#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {
std::string describe(const Action& action, bool dry_run) {
  std::string details;
  const auto add = [&](const std::string& detail) {
    details += details.empty() ? " (" : "; ";
    details += detail;
  };
  if (!action.reason.empty()) add(one_line(action.reason));
  if (action.bytes != 0)
    add(std::to_string(action.bytes) + (action.bytes == 1 ? " byte" : " bytes"));
  if (action.digest) add("md5 " + to_string(*action.digest));
  if (!details.empty()) details += ')';
  return fmt::format("{}{} {} {}{}", dry_run ? "would " : "", to_string(action.verb),
                     to_string(action.kind), quote(action.path), details);
}

std::string describe(const Proof& proof) {
  return fmt::format("read file {} ({}: same; md5 {})", quote(proof.path), proof.reason,
                     to_string(proof.digest));
}

}  // namespace syncline::cli
