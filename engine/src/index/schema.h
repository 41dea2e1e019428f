// The tables of the index, how a file is recognised as one, and how one of an older version is
// carried over: by a step for each version, all in one transaction, so that a run that is killed
// leaves it whole as it was.
//
// They may be read with any SQLite while no pass runs; the comments are part of the schema, so that
// `.schema` shows them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/sqlite.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace syncline::index {

/// What a file is, from its first bytes.
enum class Kin : std::uint8_t {
  empty,    ///< nothing yet
  ours,     ///< an index, as far as its head tells
  foreign,  ///< anything else
};

/// The head of an SQLite file: "SQLite Database File Format", section 1.3.
inline constexpr std::size_t head_bytes = 100;
Kin kin_of(std::span<const std::byte> head);

/// The version of the one whose head that is, where it is newer than what this program knows; else
/// 0. A write-ahead log may know more: NewerVersion.
std::int64_t newer_version_in(std::span<const std::byte> head);

/// A newer program wrote the index, which is left as it is.
class NewerVersion : public SqliteError {
 public:
  explicit NewerVersion(std::int64_t found);
};

/// Makes the tables in an empty database. Throws SqliteError.
void create_tables(Connection& connection);

/// True: `connection` has the tables of this version. False: those of an older one, to be carried
/// over. Throws SqliteError (is_damage()) where it is neither, and NewerVersion.
bool require_known(const Connection& connection);

/// Makes an index of this version of an older one that require_known() let pass. Throws
/// SqliteError, everything being as it was.
void carry_over(Connection& connection);

}  // namespace syncline::index
