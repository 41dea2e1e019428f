// Every system call of a pass that can be taken back made to fail in turn, and every one of an
// undo: the next undo is exact.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "support/fail_nth.h"
#include "support/two_roots.h"

#include "syncline/progress.h"
#include "syncline/undo.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

namespace syncline::test {
namespace {

constexpr std::array errors = {EIO, ENOSPC, EACCES};

int error_of(int number) {
  return errors.at(static_cast<std::size_t>(number) % errors.size());
}

/// Every so-manieth call is made to fail.
class UndoFaults : public TwoRoots, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override { given_source(after_); }

  void begin_again() const {
    if (exists(home.path(), "destination")) remove(home.path(), "destination");
    given_destination(before_);
  }

  [[nodiscard]] Options undoable() const {
    Options how = options();
    how.undo.emplace();
    how.deletions = deletion::Unlimited{};
    return how;
  }

  /// Without what is kept, and what a pass leaves for the next one to clean.
  [[nodiscard]] Tree held() const {
    Tree tree = snapshot(destination);
    tree.remove(filesystem::reserved_name);
    return tree;
  }

  /// nullopt: there was nothing.
  std::optional<Summary> take_back() const {
    Recorder told;
    UndoOptions how;
    how.place.destination = destination;
    try {
      Summary summary = undo(how, told, {});
      for (const Failure& failure : told.failures) ADD_FAILURE() << in_codes(failure);
      return summary;
    } catch (const Unusable& error) {
      EXPECT_EQ(error.why().code, RefusalCode::nothing_to_undo) << error.what();
      return std::nullopt;
    }
  }

  const Tree before_{folder("kept"),
                     file("kept/same", "same"),
                     file("kept/edited", "old!"),
                     file("becomes", "x"),
                     file("was/inside", "gone"),
                     symlink("link", "old"),
                     file("gone", "gone"),
                     file("gone folder/in it", "gone"),
                     file("names", "one"),
                     hard_link("kept/of one", "names")};
  const Tree after_{file("kept/same", "same").mode(0600),
                    file("kept/edited", "new!!"),
                    file("becomes/new", "new"),
                    file("was", "a file now"),
                    symlink("link", "new"),
                    file("names", "another"),
                    hard_link("kept/of one", "names"),
                    file("created", "created")};
};

TEST_P(UndoFaults, of_a_pass_cost_nothing) {
  const ProgressProbe probe;
  for (int number = 1;; number += GetParam()) {
    begin_again();
    bool was_met = false;
    std::string failures;
    {
      const FailNth kernel{number, error_of(number), probe};
      Recorder told;
      try {
        mirror(undoable(), told, {});
      } catch (const Unusable&) {
        // Roots that cannot be opened.
      }
      told.pass_ended();
      for (const Failure& failure : told.failures) failures += "; " + in_codes(failure);
      was_met = kernel.failed().has_value();
      if (was_met) failures += "; kind " + std::to_string(static_cast<int>(*kernel.failed()));
    }
    SCOPED_TRACE("call " + std::to_string(number) + failures);
    const auto undone = take_back();
    if (undone) {
      EXPECT_EQ(undone->status(), Status::done);
    }
    Tree found = held();
    for (const std::string& litter : temporaries_in(destination)) found.remove(litter);
    EXPECT_TRUE(same(found, before_));
    if (!was_met || HasFailure()) break;
  }
}

TEST_P(UndoFaults, of_an_undo_are_made_good_by_the_next) {
  const ProgressProbe probe;
  for (int number = 1;; number += GetParam()) {
    begin_again();
    ASSERT_EQ(run_pass(undoable()).status(), Status::done);
    bool was_met = false;
    std::string failures;
    {
      const FailNth kernel{number, error_of(number), probe};
      Recorder told;
      UndoOptions how;
      how.place.destination = destination;
      try {
        undo(how, told, {});
      } catch (const Unusable&) {
        // It could not begin.
      }
      told.pass_ended();
      for (const Failure& failure : told.failures) failures += "; " + in_codes(failure);
      was_met = kernel.failed().has_value();
    }
    SCOPED_TRACE("call " + std::to_string(number) + failures);
    take_back();
    EXPECT_TRUE(same(held(), before_));
    if (!was_met || HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Passes, UndoFaults, testing::Values(7));
INSTANTIATE_TEST_SUITE_P(LongPasses, UndoFaults, testing::Values(1));

}  // namespace
}  // namespace syncline::test
