// How trees meet the disk: made from a value, read back into a value, changed entry by entry,
// removed.
//
// Deep trees are longer than PATH_MAX and have more levels than a process may have open files, and
// fs::path and remove_all stop at both. So a folder is reached in slices of a path, each opened
// relative to the one before, and nothing stays open.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/tree.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {

/// Makes the tree at `root`, which may be there already as a folder. Where a file's content has
/// nothing but zeros for a while, its blocks are left out.
void make(const Tree& tree, const std::string& root);
Tree snapshot(const std::string& root);
/// Whether an entry like this one can be made in that folder. Not every file system holds
/// attributes, and not every user may make devices.
bool can_make(Entry entry, const std::string& in);

// One entry below an existing root. Its folder must be there, and its mtime and ctime move as the
// system has it.

/// Makes the entry; nothing may be at its path.
void put(const Entry& entry, const std::string& root);
/// Removes the entry, with all below it.
void remove(const std::string& root, const std::string& path);
void rename(const std::string& root, const std::string& from, const std::string& to);
/// Writes other bytes into the same inode and sets the same mtime again, so that only its ctime can
/// tell.
void overwrite_unseen(const std::string& root, const std::string& path, std::string_view content);
void set_mode(const std::string& root, const std::string& path, std::uint32_t bits);
void set_mtime(const std::string& root, const std::string& path, std::int64_t nanoseconds);
void set_mtime(const std::string& root, const std::string& path, const Timestamp& time);
void set_attribute(const std::string& root, const std::string& path, const std::string& name,
                   const std::string& value);
void remove_attribute(const std::string& root, const std::string& path, const std::string& name);

// Holes are no part of a tree's value, for its bytes are the same without them.

struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};
/// As GoogleTest shows it.
void PrintTo(const Extent& extent, std::ostream* out);

/// Makes a file of that size with data in these extents, the same every time, and holes elsewhere.
void put_with_holes(const std::string& root, const std::string& path,
                    const std::vector<Extent>& data, std::uint64_t size);
/// Where a file has data, as far as its file system tells: at the grain of its blocks, and
/// everywhere on one without holes.
std::vector<Extent> data_extents(const std::string& root, const std::string& path);
/// The bytes that it takes on the disk.
std::uint64_t allocated(const std::string& root, const std::string& path);
/// Makes a file that claims `bytes` and occupies nothing.
void put_sparse(const std::string& root, const std::string& path, std::uint64_t bytes);
bool exists(const std::string& root, const std::string& path);

/// What moves whenever anything about an entry is written, whoever puts its mtime back.
struct Stamp {
  std::uint64_t inode = 0;
  std::int64_t ctime_ns = 0;

  friend bool operator==(const Stamp&, const Stamp&) = default;
};
using Stamps = std::map<std::string, Stamp>;

/// Of all entries, the root among them. Returns only when the file system's clock has gone past all
/// of them, so that a later write cannot hide in the same tick.
Stamps stamps(const std::string& root);
/// Returns once everything in `root` is older than any tick, so that what is read of it is proved.
void let_age(const std::string& root);
/// Equal, or the paths that were written.
testing::AssertionResult untouched(const Stamps& before, const Stamps& after);

}  // namespace syncline::test
