// Walk and compare without a disk: what a pass over two trees of values tells is what a plain
// comparison of the trees says. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "support/memory_folder.h"
#include "support/memory_source.h"
#include "support/random_tree.h"
#include "support/source_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

using Steps = std::set<std::string>;

std::string step(Verb verb, Kind kind, const std::string& path) {
  return std::string(to_string(verb)) + ' ' + to_string(kind) + ' ' + path;
}

/// Somebody else could read or write `there` and may no more: no descriptor of his shall lead to
/// what is here.
bool takes_rights(const Entry& there, const Entry& here) {
  constexpr std::uint32_t of_others = 066;
  return here.kind != Kind::symlink && (there.mode_bits & ~here.mode_bits & of_others) != 0;
}

/// What two entries of one kind come to, neither of them being read.
std::optional<Verb> difference(const Entry& here, const Entry& there) {
  const bool has_mtime = here.modified == there.modified;
  if (here.kind == Kind::folder)
    return has_mtime && here.mode_bits == there.mode_bits ? std::nullopt
                                                          : std::optional{Verb::set_metadata};
  if (here.kind == Kind::file && here.content.size() != there.content.size()) return Verb::update;
  if (here.kind == Kind::symlink && here.content != there.content) return Verb::update;
  if (takes_rights(there, here)) return Verb::update;
  if (!has_mtime) return here.kind == Kind::file ? Verb::check : Verb::set_metadata;
  if (here.mode_bits != there.mode_bits) return Verb::set_metadata;
  return std::nullopt;
}

Steps expected_steps(const Tree& source, const Tree& destination) {
  Steps steps;
  for (const auto& [path, here] : source.entries()) {
    const auto there = destination.entries().find(path);
    if (there == destination.entries().end())
      steps.insert(step(Verb::create, here.kind, path));
    else if (there->second.kind != here.kind)
      steps.insert(step(Verb::replace, here.kind, path));
    else if (const auto verb = difference(here, there->second))
      steps.insert(step(*verb, here.kind, path.empty() ? "." : path));
  }
  for (const auto& [path, there] : destination.entries())
    if (!source.contains(path)) steps.insert(step(Verb::remove, there.kind, path));
  return steps;
}

/// What somebody puts into trees.
std::vector<Entry> random_entries(Random& random) {
  std::vector<Entry> entries;
  const Tree tree = random_small_tree(random, 100);
  for (const auto& [path, entry] : tree.entries())
    if (!path.empty()) entries.push_back(entry);
  return entries;
}

Entry with_path_of(const Entry& entry, Entry other) {
  other.path = entry.path;
  return other;
}

/// In one way or another, with parts of `other`.
Entry changed(Random& random, Entry entry, const Entry& other) {
  switch (random.below(5)) {
    case 0:
      if (entry.kind != Kind::symlink) entry.mode_bits = other.mode_bits | 0600U;
      return entry;
    case 1:
      entry.modified = other.modified;
      return entry;
    case 2:
      if (entry.kind == Kind::file || entry.kind == Kind::symlink) entry.content += 'x';
      return entry;
    case 3:
      return entry.path.empty() ? entry : with_path_of(entry, other);
    default:
      return other;
  }
}

/// What is on the way there is a folder, or nothing.
bool can_lie_in(const Tree& tree, const std::string& path) {
  for (std::string above = parent_of(path); !above.empty(); above = parent_of(above))
    if (tree.contains(above) && tree.at(above).kind != Kind::folder) return false;
  return true;
}

/// `tree` after somebody worked in it.
Tree changed(Random& random, Tree tree, const std::vector<Entry>& others, std::uint64_t changes) {
  for (; changes > 0; --changes) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(tree.size()));
    const Entry entry = std::next(tree.entries().begin(), at)->second;
    if (random.one_in(6) && !entry.path.empty()) {
      tree.remove(entry.path);
      continue;
    }
    Entry now = changed(random, entry, others[random.below(others.size())]);
    if (can_lie_in(tree, now.path)) tree.put(std::move(now));
  }
  return tree;
}

/// Returns what was told.
Steps expect_told(const Tree& source, const Tree& destination, const std::string& when) {
  MemorySource values{source};
  Options how;
  how.deletions = deletion::Unlimited{};
  how.free_at_first = true;
  const Pass pass = tell_from(values, memory_folder(destination), how);
  for (const Failure& failure : pass.failures) ADD_FAILURE() << when << ": " << in_codes(failure);
  Steps told;
  for (const Action& action : pass.actions)
    EXPECT_TRUE(told.insert(step(action.verb, action.kind, action.path.whole())).second)
        << when << ", twice: " << printable(action.path);
  const Steps expected = expected_steps(source, destination);
  std::vector<std::string> differ;
  std::ranges::set_symmetric_difference(told, expected, std::back_inserter(differ));
  for (const std::string& each : differ)
    ADD_FAILURE() << when << ": " << (told.contains(each) ? "told: " : "not told: ")
                  << printable(each);
  return told;
}

TEST(WalkInMemory, a_thousand_random_pairs_of_trees_come_to_their_differences) {
  Random random{announced_seed()};
  const std::vector<Entry> others = random_entries(random);
  std::set<std::string> verbs;
  for (int round = 0; round < 1000 && !testing::Test::HasFailure(); ++round) {
    Tree source = random_small_tree(random, 2 + random.below(30));
    Tree destination = random.one_in(8) ? random_small_tree(random, 1 + random.below(20))
                                        : changed(random, source, others, random.below(12));
    if (random.one_in(2)) std::swap(source, destination);
    const std::string when = "round " + std::to_string(round);
    for (const std::string& told : expect_told(source, destination, when))
      verbs.insert(told.substr(0, told.find(' ')));
  }
  EXPECT_EQ(verbs, (std::set<std::string>{"check", "create", "remove", "replace", "set-metadata",
                                          "update"}));
}

}  // namespace
}  // namespace syncline::test
