// Every system call of a pass made to fail in turn: first the first, then the second, until a pass
// gets through without meeting its failure. Whatever fails, a pass that claims success has made the
// mirror exact, every file is whole, and the next pass completes it; and no entry ends it for the
// rest.
//
// SPDX-License-Identifier: MIT
#include "support/disk.h"
#include "support/fail_nth.h"
#include "support/index.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>

namespace syncline::test {
namespace {

constexpr std::array errors = {EIO, ENOSPC, EACCES};

// So many bytes and a few more, which change.
std::string big(std::uint64_t bytes, const char* end) {
  return std::string(bytes, 'o') + end;
}

Tree tree_before(std::uint64_t big_bytes) {
  return {folder("kept"),
          file("kept/same", "same"),
          file("kept/edited", "old!"),
          file("becomes", "x"),
          folder("was"),
          file("was/inside", "gone"),
          symlink("link", "old"),
          file("gone", "gone"),
          folder("gone folder"),
          file("gone folder/in it", "gone"),
          file("big", big(big_bytes, "ooooo")),
          file("names", "one"),
          hard_link("kept/of one", "names"),
          file("apart", "was")};
}

Tree tree_after(std::uint64_t big_bytes) {
  return {folder("kept"),
          file("kept/same", "same").mode(0600),
          file("kept/edited", "new!"),
          folder("becomes"),
          file("becomes/new", "new"),
          file("was", "a file now"),
          symlink("link", "new"),
          file("new", "new"),
          folder("new folder"),
          fifo("new folder/fifo"),
          file("big", big(big_bytes, "nnnnn")),
          file("names", "one"),
          hard_link("new folder/of one", "names"),
          hard_link("apart", "names"),
          file("kept/of one", "was one")};
}

struct Extent {
  bool index;
  int step;  ///< of the calls, each so manieth is made to fail
  /// Of what changes in its last bytes alone: what streams or, in two chunks, is hashed and copied
  /// a hundred times slower.
  std::uint64_t big_bytes = 100'000;
};

void PrintTo(const Extent& extent, std::ostream* out) {
  *out << (extent.index ? "with" : "without") << " an index, step " << extent.step << ", "
       << extent.big_bytes << " bytes";
}

class Faults : public TwoRoots, public testing::WithParamInterface<Extent> {
 protected:
  // What it knows of the destination as it is before each fault, the source being what it will be.
  void given_index_of_before(Options how) const {
    std::filesystem::remove(home / "index");
    how.dry_run = true;
    how.rehash = true;
    run_ok(how);
  }

  // What was there before and still belongs is there, old or new.
  void expect_whole(const Tree& found) const {
    for (const auto& [path, entry] : found.entries()) {
      if (entry.kind != Kind::file || path.starts_with(".syncline-")) continue;
      const bool is_old = before.contains(path) && before.at(path).content == entry.content;
      const bool is_new = after.contains(path) && after.at(path).content == entry.content;
      EXPECT_TRUE(is_old || is_new) << path << " is torn";
    }
    for (const char* path : {"kept/same", "kept/edited", "kept/of one", "link", "big", "was",
                             "becomes", "names", "apart"})
      EXPECT_TRUE(found.contains(path)) << path << " is lost";
  }

  // Made once: some hundred passes compare with them.
  const Tree before = tree_before(GetParam().big_bytes);
  const Tree after = tree_after(GetParam().big_bytes);
};

TEST_P(Faults, of_every_call_in_turn_break_no_promise) {
  given_source(after);
  Options how = between(source, destination);
  how.keep_partial_from = GetParam().big_bytes;
  const bool has_index = GetParam().index;
  const int step = GetParam().step;
  if (has_index) how.index = index_place::File{home / "index"};
  for (int number = 1;; number += step) {
    if (number > 1) remove(home.path(), "destination");
    make(before, destination);
    if (has_index) given_index_of_before(how);
    const FaultyPass faulty =
        run_with_fault(how, number, errors[static_cast<std::size_t>(number) % errors.size()]);
    SCOPED_TRACE(faulty.words());
    EXPECT_EQ(faulty.given_up, "");
    const Tree found = snapshot(destination);
    expect_whole(found);
    if (faulty.status == Status::done) {
      EXPECT_TRUE(same(found, after));
    }
    if (has_index) {
      EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
    }
    run_ok(how);
    EXPECT_TRUE(same(snapshot(destination), after));
    if (!faulty.failed || HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Passes, Faults,
    testing::Values(Extent{.index = false, .step = 1},
                    Extent{.index = false, .step = 20, .big_bytes = chunk_bytes}));
// Each call costs three passes, and what an index adds waits for the clock to tick.
INSTANTIATE_TEST_SUITE_P(IndexedPasses, Faults, testing::Values(Extent{.index = true, .step = 20}));
INSTANTIATE_TEST_SUITE_P(
    LongPasses, Faults,
    testing::Values(Extent{.index = false, .step = 1, .big_bytes = chunk_bytes},
                    Extent{.index = true, .step = 1, .big_bytes = chunk_bytes}));

}  // namespace
}  // namespace syncline::test
