// A file's row as one value of bytes, and the view that shows it to people: random rows, of every
// shape, and what is no row. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "index/packed.h"

#include "index/index.h"
#include "index/sqlite.h"
#include "support/random_tree.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace syncline::test {
namespace {

using index::PackedRow;

/// Any that a file system could give, and some that none does.
class RandomRows {
 public:
  explicit RandomRows(std::uint64_t seed) : random_(seed) {}

  Remembered next() {
    Remembered row;
    row.source = identity();
    row.destination = identity();
    row.destination.size = row.source.size;
    if (one_in(2)) row.destination.mtime = row.source.mtime;
    if (!one_in(4)) row.fingerprint = fingerprint(row.source.size);
    row.source_proved = one_in(2);
    row.destination_proved = one_in(2);
    row.attributes_kept = one_in(2);
    row.stands_apart = one_in(2);
    row.is_rotten = one_in(2);
    row.proved_s = index::as_integer(number());
    return row;
  }

 private:
  bool one_in(unsigned count) { return random_() % count == 0; }
  // Of any number of bits, so that small ones are among them.
  std::uint64_t number() { return random_() >> random_() % 64; }
  Timestamp time() {
    const std::int64_t seconds = index::as_integer(number());
    return {.seconds = one_in(16) ? seconds : seconds % 9'000'000'000,
            .nanoseconds = static_cast<std::uint32_t>(random_() % 1'000'000'000)};
  }
  Identity identity() {
    return {.id = {.device = 0, .inode = number()},
            .size = number() % std::numeric_limits<std::int64_t>::max(),
            .mtime = time(),
            .ctime = time()};
  }
  std::array<std::byte, 16> sum() {
    std::array<std::byte, 16> bytes{};
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_());
    return bytes;
  }
  Fingerprint fingerprint(std::uint64_t size) {
    Fingerprint made{.digest = {.md5 = sum(), .chunks = chunks_in(size)}};
    if (!one_in(4)) made.tag = sum();
    return made;
  }

  std::mt19937_64 random_;
};

auto parts_of(const Remembered& row) {
  const Fingerprint known = row.fingerprint.value_or(Fingerprint{});
  return std::tuple{row.source,        row.destination,        row.fingerprint.has_value(),
                    known.digest.md5,  known.digest.chunks,    known.tag,
                    row.source_proved, row.destination_proved, row.attributes_kept,
                    row.stands_apart,  row.is_rotten,          row.proved_s};
}

TEST(PackedRow, is_what_it_was_made_of) {
  RandomRows rows{announced_seed()};
  for (int round = 0; round < 20'000; ++round) {
    const Remembered row = rows.next();
    Remembered again = index::unpacked(PackedRow{row}.bytes());
    EXPECT_EQ(again.proved_s, 0) << "which has a column of its own";
    again.proved_s = row.proved_s;
    ASSERT_EQ(parts_of(again), parts_of(row)) << round;
  }
}

TEST(PackedRow, of_an_ordinary_file_takes_no_more_than_it_must) {
  Remembered row;
  row.source.mtime = row.destination.mtime = {.seconds = 1'700'000'000, .nanoseconds = 1};
  EXPECT_EQ(PackedRow{row}.bytes().size(), 50);
  row.fingerprint.emplace().tag.emplace();
  EXPECT_EQ(PackedRow{row}.bytes().size(), 82);
  row.destination.mtime = {};
  EXPECT_EQ(PackedRow{row}.bytes().size(), 90);
  row.source.ctime.seconds = 1'000'000'000'000;
  EXPECT_EQ(PackedRow{row}.bytes().size(), 106);
}

void expect_damage(std::string_view bytes) {
  try {
    static_cast<void>(index::unpacked(bytes));
    ADD_FAILURE() << bytes.size() << " bytes were taken for a row";
  } catch (const index::SqliteError& error) {
    EXPECT_TRUE(error.is_damage());
  }
}

TEST(PackedRow, that_came_to_harm_is_damage) {
  Remembered row;
  row.fingerprint.emplace().tag.emplace();
  const PackedRow packed{row};
  const std::string whole{packed.bytes()};
  for (std::size_t size = 0; size < whole.size(); ++size) expect_damage(whole.substr(0, size));
  expect_damage(whole + '\0');
  for (const char content : {'\0', '\x01', '\x03', '\xff'}) {
    std::string other = whole;
    other[1] = content;
    expect_damage(other);
  }
}

/// Of the view `file`, by the names of its columns.
class FileView : public testing::Test {
 protected:
  static constexpr const char* columns =
      "size, source_inode, source_mtime, source_ctime, destination_inode, destination_mtime, "
      "destination_ctime, unproven, proved, digest, tag, chunks, chunk_tags";

  void given(const std::vector<Remembered>& rows) const {
    index::Index written{path, {"/source", "/destination", "1", "2"}, 0, {}};
    std::vector<index::Edit> edits;
    for (std::size_t at = 0; at < rows.size(); ++at)
      edits.emplace_back(index::edit::PutFile{.folder = static_cast<index::RowKey>(at + 2),
                                              .name = "file",
                                              .what = rows[at],
                                              .chunks = {}});
    written.write(edits);
    written.finish({}, true);
  }

  static std::string text(const std::array<std::byte, 16>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  static void expect_shows(const index::Statement& shown, const Remembered& row) {
    const std::int64_t unproven = (row.source_proved ? 0 : 1) + (row.destination_proved ? 0 : 2) +
                                  (row.is_rotten ? 4 : 0) + (row.attributes_kept ? 0 : 8) +
                                  (row.stands_apart ? 16 : 0);
    EXPECT_EQ(index::as_unsigned(shown.integer(0)), row.source.size);
    EXPECT_EQ(index::as_unsigned(shown.integer(1)), row.source.id.inode);
    EXPECT_EQ(shown.time(2), row.source.mtime);
    EXPECT_EQ(shown.time(3), row.source.ctime);
    EXPECT_EQ(index::as_unsigned(shown.integer(4)), row.destination.id.inode);
    EXPECT_EQ(shown.time(5), row.destination.mtime);
    EXPECT_EQ(shown.time(6), row.destination.ctime);
    EXPECT_EQ(shown.integer(7), unproven);
    EXPECT_EQ(shown.integer(8), row.proved_s);
    EXPECT_EQ(shown.blob(9), row.fingerprint ? text(row.fingerprint->digest.md5) : "");
    EXPECT_EQ(shown.blob(10),
              row.fingerprint && row.fingerprint->tag ? text(*row.fingerprint->tag) : "");
    EXPECT_EQ(shown.is_null(9), !row.fingerprint);
  }

  const TemporaryFolder home;
  const std::string path = home / "index";
};

TEST_F(FileView, shows_each_thing_that_is_in_a_row) {
  RandomRows random{announced_seed()};
  std::vector<Remembered> rows(300);
  std::ranges::generate(rows, [&] { return random.next(); });
  given(rows);
  const index::Connection connection{path};
  index::Statement shown{connection,
                         std::string("SELECT ") + columns + " FROM file ORDER BY folder"};
  for (const Remembered& row : rows) {
    ASSERT_TRUE(shown.step());
    expect_shows(shown, row);
  }
  EXPECT_FALSE(shown.step());
}

}  // namespace
}  // namespace syncline::test
