// The tables of the index, how a file is recognised as one, and how one of an older version is
// carried over: by a step for each version, all in one transaction, so that a run that is killed
// leaves it whole as it was.
//
// They may be read with any SQLite while no pass runs; the comments are part of the schema, so that
// `.schema` shows them. What a file's row is for the engine is packed_file, and for people the view
// `file`, which takes 10 s to tell a million sizes.
//
// Measured when rows were packed (version 6), against version 5, a column for each thing; in
// instructions of user space a file, 20,000 files of 50 bytes in folders of 100, without
// the 60 million that a run takes before it looks at any:
//
//                            version 5   version 6
//   nothing changed              8,600       6,600   of which the index 3,970 and 1,770
//   --rehash                    31,800      26,000              15,100 and 11,200
//   first copy                  27,000      24,200              12,400 and  9,400
//   metadata changed            48,200      45,000              20,700 and 19,500
//   bytes                          136         144   and with file_source 171 and 179
//
// Nothing else needs room in packed_file, and no table is made before something writes it: one that
// is added later costs a step of its version a few statements, however many rows there are; and as
// an older program refuses a newer version, it cannot leave behind in one what is no longer so.
// What will go where:
//
// - Digests of other kinds: `digest(content BLOB, kind TEXT, bytes BLOB, PRIMARY KEY(content,
//   kind)) WITHOUT ROWID`. The content is a row's MD5 and tag, the last 32 bytes of its `what`: so
//   they go with a row wherever it moves or is copied to, are gone from one whose content is
//   another, and are no part of any edit. A row without a tag has none, since others can make two
//   contents of one MD5.
// - What a folder was when its rows were complete: `complete(folder INTEGER, side INTEGER, inode
//   INTEGER, mtime, ctime, PRIMARY KEY(folder, side)) WITHOUT ROWID`, the side 0 for the source and
//   1 for the destination, times as Statement binds them. Not columns of `folder`, whose rows are
//   put as a whole. Whoever writes a row of a folder must delete both: hence a version of its own.
// - Passes that can be undone: a table by the pass's name, which `pass` has too, where only the
//   last hundred are kept.
// - What a destination did not take as asked is in `exception`.
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
