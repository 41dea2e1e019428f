// Trees as values: a test states the tree that is given and the tree that it expects, and compares
// them whole.
//
// Everything that a mirror must keep is part of the value, with fixed defaults, so that nothing is
// left uncompared by being left unsaid. Paths are relative to the tree's root, raw bytes, joined by
// '/'; "" is the root itself.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace syncline::test {

/// 2020-09-13 12:26:40 UTC and a fraction that only nanoseconds can hold.
inline constexpr std::int64_t default_mtime_ns = 1'600'000'000'123'456'789;

struct Entry {
  Kind kind = Kind::folder;
  std::string path;
  std::string content;          ///< the bytes of a file, the target of a symlink
  std::uint64_t device = 0;     ///< the number of a device
  std::uint32_t mode_bits = 0;  ///< all twelve; Linux gives every symlink 0777
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::int64_t mtime_ns = default_mtime_ns;

  Entry mode(std::uint32_t bits) &&;
  Entry owner(std::uint32_t user_id, std::uint32_t group_id) &&;
  Entry mtime(std::int64_t nanoseconds) &&;

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// As GoogleTest shows it.
void PrintTo(const Entry& entry, std::ostream* out);

// Owned by whoever runs the test; folders 0755, all else 0644.
Entry folder(std::string path);
Entry file(std::string path, std::string content = {});
Entry symlink(std::string path, std::string target);
Entry fifo(std::string path);
Entry socket(std::string path);
Entry character_device(std::string path, std::uint64_t device);

class Tree {
 public:
  Tree();
  Tree(std::initializer_list<Entry> entries);

  /// Adds the entry, or puts it in the place of the one at its path (and of all below it, unless
  /// both are folders). Missing parents come as folders with the defaults.
  void put(Entry entry);
  /// Takes the entry out, with all below it.
  void remove(const std::string& path);

  [[nodiscard]] bool contains(const std::string& path) const { return entries_.contains(path); }
  [[nodiscard]] const Entry& at(const std::string& path) const { return entries_.at(path); }
  /// By path; a parent always comes before what is in it.
  [[nodiscard]] const std::map<std::string, Entry>& entries() const& { return entries_; }
  // A loop over it would outlive the tree.
  const std::map<std::string, Entry>& entries() && = delete;
  [[nodiscard]] std::uint64_t size() const { return entries_.size(); }

  friend bool operator==(const Tree&, const Tree&) = default;

 private:
  std::map<std::string, Entry> entries_;
};

/// Equal, or a list of every difference by path.
testing::AssertionResult same(const Tree& actual, const Tree& expected);

/// The folder that `path` is in, "" for the root's own entries and for the root.
std::string parent_of(std::string_view path);
std::string name_of(std::string_view path);
std::string join(std::string_view parent, std::string_view name);

/// One printable line, short even for a very long path.
std::string printable(std::string_view bytes);

}  // namespace syncline::test
