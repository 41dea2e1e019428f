// The row of a file as the index keeps it: one value of bytes, but for what is changed alone or
// looked for. What a row costs whoever meets it is its columns, some 200 instructions of SQLite for
// each.
//
// Measured with SQLite 3.40, in instructions: to meet a row in step with the names, to write one,
// and to write anew when it was proved; and bytes with an index on inodes (20,000 files in folders
// of 100, names of 17 bytes):
//
//   a column for each thing, 15                            3,850   13,300   16,100   156
//   MD5 and tag in one, 13                                 3,530   12,300   14,000   154
//   each identity in one too, 9                            2,570   11,300   13,800   171
//   all in one, and two columns for chunks, with the key   1,420    9,900   15,300   183
//   64 rows in one                                           390    2,700   67,700   135
//
// The last would take indexes on inodes and sizes of our own, and 8 KiB written for each row that
// moves. All in one made a pass that proves everything write both of SQLite's anew for each row,
// twice as dear as before: hence the columns `proved` and `inode`, 350 instructions and 5 bytes.
//
// Format; numbers are big-endian, so that values order as they do:
//
//   0   flags: the sum of 1: the source's identity proves nothing, 2: the destination's, 4: the
//       source was found rotten under that identity, 8: the destination could not hold all extended
//       attributes, 16: it could not be linked to its other names, 32: times are long, 64: the
//       destination's mtime is not the source's
//   1   what is known of the content: 0 nothing, 1 an MD5, 2 an MD5 and a tag
//   2   inode in the source, size, and inode in the destination: 8 bytes each
//   26  mtime and ctime in the source, ctime in the destination, and with flag 64 mtime there: 8
//       bytes each of nanoseconds since the epoch; where one of them does not fit, long ones: the
//       seconds in 8 bytes and the nanoseconds on top of them in 4
//       MD5 of the bytes, or of the MD5s of the 8 MiB chunks
//       tag (tag/tagger.h)
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/proof.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::index {

/// A plain value.
class PackedRow {
 public:
  /// Of one size, that of the source; without proved_s.
  explicit PackedRow(const Remembered& what);
  /// Valid as long as this.
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  static constexpr std::size_t most_bytes = 26 + 4 * 12 + 2 * 16;

  void put(std::uint64_t number, std::size_t width);
  void put(const Timestamp& time, bool is_long);
  void put(const std::array<std::byte, 16>& sum);

  std::array<char, most_bytes> bytes_{};
  std::size_t size_ = 0;
};

/// What it was made of, but for proved_s. Throws SqliteError (is_damage()) where `bytes` are none.
Remembered unpacked(std::string_view bytes);
/// As a row has a number of 8 bytes.
std::string packed_number(std::uint64_t number);

}  // namespace syncline::index
