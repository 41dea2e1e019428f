// SPDX-License-Identifier: MIT
#include "tell/stats.h"

#include "text/join.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <numeric>

namespace syncline::cli {
namespace {

std::uint64_t of(const ActionCounts::Counts& counts, Kind kind) {
  return counts.at(static_cast<std::size_t>(kind));
}

// "Number of files: 1,234 (reg: 1,000, dir: 200, link: 34)"
std::string count_line(std::string_view what, const ActionCounts::Counts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view name, std::uint64_t count) {
    if (count != 0) parts.push_back(fmt::format("{}: {}", name, grouped(count)));
  };
  add("reg", of(counts, Kind::file));
  add("dir", of(counts, Kind::folder));
  add("link", of(counts, Kind::symlink));
  add("dev", of(counts, Kind::character_device) + of(counts, Kind::block_device));
  add("special", of(counts, Kind::fifo) + of(counts, Kind::socket));
  const std::uint64_t all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  return fmt::format("{}: {}{}", what, grouped(all),
                     parts.empty() ? "" : fmt::format(" ({})", join(parts, ", ")));
}

}  // namespace

void ActionCounts::add(const Action& action) {
  const auto kind = static_cast<std::size_t>(action.kind);
  const bool is_new = action.verb == Verb::create || action.verb == Verb::replace;
  if (is_new) ++created.at(kind);
  if (action.verb == Verb::remove) ++removed.at(kind);
  const bool is_copy = action.kind == Kind::file && action.link_of.empty() &&
                       (is_new || action.verb == Verb::update);
  if (is_copy) copied = copied + Tally{.entries = 1, .bytes = action.bytes};
}

std::vector<std::string> statistics(const Summary& summary, const ActionCounts& counts,
                                    unsigned human_readable) {
  const auto size = [&](std::uint64_t bytes) { return rsync_number(bytes, human_readable); };
  ActionCounts::Counts source = summary.source_kinds;
  ++source.at(static_cast<std::size_t>(Kind::folder));  // the root, which rsync counts too
  return {count_line("Number of files", source),
          count_line("Number of created files", counts.created),
          count_line("Number of deleted files", counts.removed),
          fmt::format("Number of regular files transferred: {}", grouped(counts.copied.entries)),
          fmt::format("Total file size: {} bytes", size(summary.source.bytes)),
          fmt::format("Total transferred file size: {} bytes", size(counts.copied.bytes))};
}

}  // namespace syncline::cli
