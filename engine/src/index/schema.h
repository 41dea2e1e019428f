// The tables of the index, and how a file is recognised as one.
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

/// Makes the tables in an empty database. Throws SqliteError.
void create_tables(Connection& connection);

/// Whether `connection` has the tables of this version. Throws SqliteError.
bool is_current(const Connection& connection);

}  // namespace syncline::index
