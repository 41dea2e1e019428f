// SPDX-License-Identifier: MIT
#include "syncline/undo.h"

namespace syncline {
namespace {

[[noreturn]] void refuse_for_now() {
  throw Unusable(Status::root_unusable, {.code = RefusalCode::nothing_to_undo});
}

}  // namespace

Summary undo(const UndoOptions& /*options*/, Observer& /*observer*/, std::stop_token /*stop*/) {
  refuse_for_now();
}
bool release(const UndoPlace& /*place*/) {
  refuse_for_now();
}
KeptPasses list_passes(const UndoPlace& /*place*/) {
  refuse_for_now();
}
std::vector<KeptVersion> list_versions(const UndoPlace& /*place*/, const std::string& /*path*/) {
  refuse_for_now();
}
Summary bring_back(const BringBack& /*options*/, Observer& /*observer*/, std::stop_token /*stop*/) {
  refuse_for_now();
}

}  // namespace syncline
