// Trees as values: a test states the tree that is given and the tree that it expects, and compares
// them whole.
//
// Everything that a mirror must keep is part of the value, with fixed defaults, so that nothing is
// left uncompared by being left unsaid. Paths are relative to the tree's root, raw bytes, joined by
// '/'; "" is the root itself.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/acl.h"

#include "syncline/event.h"
#include "syncline/timestamp.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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
  Timestamp modified = timestamp_of(default_mtime_ns);
  std::map<std::string, std::string> attributes;  ///< extended ones, lists of access among them
  /// The first, by path, of the entries that are one inode with this one and so the same in all but
  /// the path. Empty for that first one itself.
  std::string linked_to;

  Entry mode(std::uint32_t bits) &&;
  Entry owner(std::uint32_t user_id, std::uint32_t group_id) &&;
  Entry mtime(std::int64_t nanoseconds) &&;
  Entry mtime(Timestamp time) &&;
  Entry attribute(std::string name, std::string value) &&;
  // With the mode that was said before. See acl.h.
  Entry access_acl(std::vector<AclEntry> entries) &&;
  Entry default_acl(std::vector<AclEntry> entries) &&;

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

/// One more name of what is at `to`, whichever of its names that is. All else comes from there once
/// it is in a tree.
Entry hard_link(std::string path, std::string to);

class Tree {
 public:
  Tree();
  Tree(std::initializer_list<Entry> entries);

  /// Adds the entry, or puts it in the place of the one at its path (and of all below it, unless
  /// both are folders). Missing parents come as folders with the defaults. What a hard link is to
  /// must be there; the other names of what is replaced stay as they are, and linked.
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
  using Names = std::set<std::string>;

  void link(const std::string& path, const std::string& to);
  void unlink(const std::string& path);
  /// Makes these the names of one inode.
  void join_names(Names names);

  std::map<std::string, Entry> entries_;
  std::map<std::string, Names> linked_;  ///< all names of an inode with several, by the first
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
