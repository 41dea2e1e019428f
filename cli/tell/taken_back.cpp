// SPDX-License-Identifier: MIT
#include "tell/taken_back.h"

#include "text/escape.h"
#include "text/join.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace syncline::cli {
namespace {

/// "3 brought back, 2 removed".
std::string counts(const Summary& s) {
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count != 0) parts.push_back(fmt::format("{} {}", grouped(count), what));
  };
  add(s.created.entries, "brought back");
  add(s.updated.entries, "changed back");
  add(s.removed.entries, "removed");
  add(s.moved.entries + s.moved_folders, "moved back");
  if (s.metadata_set != 0)
    parts.push_back(fmt::format("metadata of {} set back", grouped(s.metadata_set)));
  return parts.empty() ? "nothing had to be changed" : join(parts, ", ");
}

/// "pass 20261125T084751Z", "3 passes since 20261125T084751Z".
std::string names(const std::vector<KeptPass>& passes) {
  if (passes.empty()) return "no pass";
  const KeptPass& oldest = passes.back();
  const std::string name = escape(oldest.name);
  if (passes.size() > 1) return fmt::format("{} passes from {} on", grouped(passes.size()), name);
  return (oldest.is_undo ? "undo " : "pass ") + name;
}

std::string entries(const Tally& tally) {
  return fmt::format("{} {} ({})", grouped(tally.entries), tally.entries == 1 ? "entry" : "entries",
                     human_bytes(tally.bytes));
}

}  // namespace

std::string taken_back_line(const Summary& s, const std::vector<KeptPass>& passes) {
  return fmt::format("{}: {}: {}", s.dry_run ? "would be taken back" : "taken back", names(passes),
                     counts(s));
}

std::string brought_back_line(const Summary& s) {
  return fmt::format("{}: {}", s.dry_run ? "would be brought back" : "brought back",
                     entries(s.created + s.updated));
}

}  // namespace syncline::cli
