// SPDX-License-Identifier: MIT
#include "tell/folder_counts.h"

#include "text/escape.h"
#include "text/join.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <utility>

namespace syncline::cli {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace

void FolderCounts::add(const Action& action) {
  Counts& counts = folders_[folder_of(action.path)];
  const Tally one{.entries = 1, .bytes = action.bytes};
  switch (action.verb) {
    case Verb::create:
      counts.created = counts.created + one;
      break;
    case Verb::update:
    case Verb::replace:
      counts.updated = counts.updated + one;
      break;
    case Verb::move:
      ++counts.moved;
      break;
    case Verb::set_metadata:
      ++counts.metadata_set;
      break;
    case Verb::remove:
      ++counts.removed;
      break;
    case Verb::clean:
    case Verb::check:
      ++counts.others;
      break;
    case Verb::keep:
      break;
  }
}

std::string FolderCounts::words(const Counts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](const Tally& tally, std::string_view what) {
    if (tally.entries == 0) return;
    parts.push_back(fmt::format("{} {}", tally.entries, what));
    if (tally.bytes != 0) parts.back() += fmt::format(" ({})", human_bytes(tally.bytes));
  };
  add(counts.created, "created");
  add(counts.updated, "updated");
  add({.entries = counts.moved, .bytes = 0}, "moved");
  add({.entries = counts.metadata_set, .bytes = 0}, "metadata set");
  add({.entries = counts.removed, .bytes = 0}, "removed");
  add({.entries = counts.others, .bytes = 0}, "other");
  return join(parts, ", ");
}

std::vector<std::string> FolderCounts::take() {
  std::vector<std::string> lines;
  for (const auto& [path, counts] : std::exchange(folders_, {}))
    lines.push_back(fmt::format("in {}: {}", quote(path), words(counts)));
  return lines;
}

}  // namespace syncline::cli
