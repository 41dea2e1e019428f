// SPDX-License-Identifier: MIT
#include "tell/plan_table.h"

#include "text/escape.h"
#include "text/join.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace syncline::cli {
namespace {

std::size_t levels_of(std::string_view path) {
  return 1 + static_cast<std::size_t>(std::ranges::count(path, '/'));
}

std::string folder_of(const std::string& path, std::size_t most_levels) {
  std::string folder = path.substr(0, std::min(path.rfind('/'), path.size()));
  if (folder.size() == path.size()) return ".";
  while (levels_of(folder) > most_levels) folder.resize(folder.rfind('/'));
  return folder;
}

std::string counted(const Tally& tally) {
  const std::string_view noun = tally.entries == 1 ? "entry" : "entries";
  return fmt::format("{:>9} {:>11} {:<7}", human_bytes(tally.bytes), grouped(tally.entries), noun);
}

}  // namespace

void DeletionTable::add(const Action& action) {
  if (action.verb != Verb::remove) return;
  Tally& tally = folders_[folder_of(action.path, most_levels_)];
  tally = tally + Tally{.entries = 1, .bytes = action.bytes};
  while (folders_.size() > most_folders) merge_deepest();
}

void DeletionTable::merge_deepest() {
  std::size_t deepest = 1;
  for (const auto& [folder, tally] : folders_) deepest = std::max(deepest, levels_of(folder));
  most_levels_ = std::max<std::size_t>(deepest - 1, 1);
  std::map<std::string, Tally> merged;
  for (const auto& [folder, tally] : folders_) {
    Tally& sum = merged[deepest == 1 ? "." : folder_of(folder + "/x", most_levels_)];
    sum = sum + tally;
  }
  folders_ = std::move(merged);
}

std::vector<std::string> DeletionTable::lines() const {
  std::vector<std::pair<std::string, Tally>> all(folders_.begin(), folders_.end());
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
    return std::pair{a.second.bytes, a.second.entries} >
           std::pair{b.second.bytes, b.second.entries};
  });
  std::vector<std::string> lines;
  if (all.empty()) return lines;
  lines.emplace_back("Removed, by folder:");
  Tally rest;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < most_lines)
      lines.push_back(fmt::format("{} in {}", counted(all[i].second), quote(all[i].first)));
    else
      rest = rest + all[i].second;
  }
  if (all.size() > most_lines)
    lines.push_back(fmt::format("{} in {} more", counted(rest), grouped(all.size() - most_lines)));
  return lines;
}

std::string totals_words(const PlanTotals& totals) {
  std::vector<std::string> parts;
  const auto add = [&](const Tally& tally, std::string_view what) {
    if (tally.entries == 0) return;
    parts.push_back(fmt::format("{} {}", grouped(tally.entries), what));
    if (tally.bytes != 0) parts.back() += fmt::format(" ({})", human_bytes(tally.bytes));
  };
  add(totals.created, "new");
  add(totals.updated, "changed");
  add(totals.moved, "moved");
  add({.entries = totals.moved_folders, .bytes = 0},
      totals.moved_folders == 1 ? "folder moved" : "folders moved");
  add({.entries = totals.metadata_set, .bytes = 0}, "with other metadata");
  add(totals.removed, "removed");
  add({.entries = totals.cleaned, .bytes = 0}, "cleaned up");
  add(totals.to_prove, "to be proved");
  return parts.empty() ? "nothing to be done" : join(parts, ", ");
}

std::vector<std::string> lines_of(const PlanTotals& totals, const DeletionTable& deletions) {
  std::vector<std::string> lines{totals_words(totals)};
  if (totals.failures > 0)
    lines.push_back(fmt::format("{} {} could not be planned", grouped(totals.failures),
                                totals.failures == 1 ? "entry" : "entries"));
  if (totals.held)
    lines.push_back(
        fmt::format("A mirror would hold these deletions back ({}). To apply the plan does them, "
                    "since somebody has read it.",
                    to_string(*totals.held)));
  for (std::string& line : deletions.lines()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> lines_of(const PlanHeader& header, const PlanTotals& totals,
                                  const DeletionTable& deletions) {
  std::vector<std::string> lines{
      fmt::format("Plan {}{}, {} onto {}", escape(header.pass), header.is_cut ? ", cut" : "",
                  quote(header.source.path), quote(header.destination.path))};
  for (std::string& line : lines_of(totals, deletions)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace syncline::cli
