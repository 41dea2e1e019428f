// Random trees and random changes to them, the same for the same seed on every machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/tree.h"

#include <cstdint>
#include <random>
#include <string>

namespace syncline::test {

/// Numbers that a seed settles. Not the standard's distributions: each library has its own.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// At least 0, less than `end`.
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool one_in(std::uint64_t times) { return below(times) == 0; }

 private:
  std::mt19937_64 engine_;
};

/// SYNCLINE_SEED, or a new one each time. Printed either way.
std::uint64_t announced_seed();

/// Entries of all kinds that a user may make, most of them files, in folders of all depths.
Tree random_tree(Random& random, std::uint64_t entries);

/// The same, but that no file is longer than 300 bytes: for whoever makes thousands of trees.
Tree random_small_tree(Random& random, std::uint64_t entries);

/// The same as the first with all else that a mirror must keep: hard links, attributes, access
/// lists, holes, the bits above a mode's nine, and as root owners. Only where `holds_riches`.
Tree random_rich_tree(Random& random, std::uint64_t entries);
/// Whether such a tree can be made in that folder.
bool holds_riches(const std::string& in);

/// Changes the tree on the disk in place, as its users would: content, size, kind, name, place,
/// mode, times, and edits that keep size and mtime.
void change_randomly(Random& random, const std::string& root, std::uint64_t changes);
/// So, and in all that a rich tree has besides.
void change_richly(Random& random, const std::string& root, std::uint64_t changes);

}  // namespace syncline::test
