// The files of indexes in their folder: what they are called, whom they are believed from, and
// which of them go. Every function throws SystemError, or Unusable (Status::files_unusable) with
// the one line that `path`, the index as a person knows it, is refused with.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "index/schema.h"

#include "syncline/refusal.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline {

inline constexpr const char* index_extension = ".index";
inline constexpr const char* aside_extension = ".set-aside";
inline constexpr const char* lock_extension = "-lock";

[[noreturn]] void refuse_index(Refusal why);

// Names in the usual place: a hash of both paths, a hash of what the destination is.

inline constexpr std::size_t root_digits = 8;
std::string hash_of_root(const std::string& root);
/// The name without what tells the destination.
std::string prefix_of(const std::string& source, const std::string& destination);
/// Whether `name` is that of an index for the paths of `prefix`.
bool is_index_of(const std::string& prefix, std::string_view name);

/// Refuses a folder that others could write to, or that is kept by another machine.
void check_index_folder(const filesystem::Directory& folder, const std::string& path);
/// Refuses a file that others could write to, that is something else, or that a newer program
/// wrote. True: it is there.
bool check_index(const filesystem::Directory& folder, const std::string& name,
                 const std::string& path);
/// Of an index that others may read: they may know its secrets, and hold locks on it for ever.
bool is_open_to_others(const filesystem::Directory& folder, const std::string& name);
/// Shuts them out of it, if so, and has its secrets made anew when it is opened. Throws SqliteError
/// too. For a run that has it locked, before SQLite opens it.
void shut_to_others(const filesystem::Directory& folder, const std::string& name,
                    const std::string& path);
index::Kin kin_of(const filesystem::Directory& folder, const std::string& name);
/// A newer program wrote it: it is left as it is.
bool is_newer(const filesystem::Directory& folder, const std::string& name);

/// For this user alone, before SQLite opens it.
void make_empty(const filesystem::Directory& folder, const std::string& name);
/// In the place of one that was put aside before, and of nothing else.
void put_aside(const filesystem::Directory& folder, const std::string& name,
               const std::string& path);
/// Those that were used last are known by their mtime, which SQLite moves only when it writes.
void note_use(const filesystem::Directory& folder, const std::string& name);
/// Removes the indexes of a pair of paths beyond those that were used last; `kept`, what is in use
/// and what is_newer() stay.
void remove_oldest(const filesystem::Directory& folder, const std::string& prefix,
                   const std::string& kept);

}  // namespace syncline
