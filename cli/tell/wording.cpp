// SPDX-License-Identifier: MIT
#include "tell/wording.h"

#include "tell/reason_words.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {
std::string describe(const Action& action, bool dry_run) {
  std::string details;
  const auto add = [&](const std::string& detail) {
    details += details.empty() ? " (" : "; ";
    details += detail;
  };
  add(one_line(reason_words(action)));
  if (action.bytes != 0)
    add(std::to_string(action.bytes) + (action.bytes == 1 ? " byte" : " bytes"));
  if (action.digest) add("md5 " + to_string(*action.digest));
  if (!details.empty()) details += ')';
  return fmt::format("{}{} {} {}{}", dry_run ? "would " : "", to_string(action.verb),
                     to_string(action.kind), quote(action.path), details);
}

std::string describe(const Proof& proof) {
  return fmt::format("read file {} ({}: same; md5 {})", quote(proof.path),
                     reason_words(proof.reason), to_string(proof.digest));
}

}  // namespace syncline::cli
