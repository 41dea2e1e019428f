// How rows are selected and read: the columns in the order in which they are decoded.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "index/sqlite.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace syncline::index {

/// Of the table `packed_file`, the name first.
inline constexpr const char* file_columns = "name, what, proved";
inline constexpr int file_column_count = 3;

/// Likewise of the table `folder`.
inline constexpr const char* folder_columns = "name, key, device, inode, born, mount_point";
inline constexpr int folder_column_count = 6;

/// The aspect of an exception that is an entry's name.
inline constexpr const char* name_aspect = "name";
/// Likewise of the table `exception`.
inline constexpr const char* exception_columns = "name, aspect, asked, there, user, ctime";

// Of packed_file.what (packed.h), whose numbers are bound as packed_number().

/// The size.
inline constexpr const char* packed_size = "substr(what, 11, 8)";
/// Of the rows of large files alone (most_grouped_bytes in content/transfer.cpp); the words of the
/// index file_size, which SQLite needs to see it is meant.
inline constexpr const char* is_large = "substr(what, 11, 8) > x'0000000000010000'";
inline constexpr const char* is_of_size =
    "substr(what, 11, 8) = ?1 AND substr(what, 11, 8) > x'0000000000010000'";
inline constexpr const char* has_digest = "substr(what, 2, 1) > x'00'";
/// Makes all rows what they are without their tags.
inline constexpr const char* forget_tags =
    "UPDATE packed_file SET chunk_tags = NULL, what = CAST(substr(what, 1, 1) || x'01' || "
    "substr(what, 3, length(what) - 18) AS BLOB) WHERE substr(what, 2, 1) = x'02'";

// `row` is one of a statement that selects those columns first. Device numbers are not remembered
// of files.

std::uint64_t source_inode_in(const Statement& row);
/// nullopt where that is no MD5.
std::optional<Fingerprint> fingerprint_in(std::string_view md5, std::string_view tag,
                                          std::uint32_t chunks);
Remembered remembered_in(const Statement& row);
FolderRow folder_row_in(const Statement& row);
/// Adds the row's piece.
void add_exception_in(const Statement& row, Exception& exception);

}  // namespace syncline::index
