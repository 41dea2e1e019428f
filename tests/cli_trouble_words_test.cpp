// What a pass could not do, would not do, or waits for: each value comes to one sentence, which
// says how what would help is typed.
//
// SPDX-License-Identifier: MIT
#include "tell/failure_words.h"
#include "tell/held_words.h"
#include "tell/notice_words.h"
#include "tell/refusal_words.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

namespace syncline::cli {
namespace {

Failure failure_of(FailureCode code) {
  return {.path = "in/file", .code = code, .operation = "rename"};
}

TEST(FailureWords, say_which_operation_was_refused_and_why) {
  EXPECT_EQ(failure_words({.operation = "open for reading", .error_number = EACCES}),
            "could not open for reading: Permission denied");
  EXPECT_EQ(
      failure_words({.operation = "rename", .error_number = EPERM, .cause = "it is immutable"}),
      "could not rename: it is immutable");
  for (const char* const preposition : {"of", "to", "for", "with", "in", "from"}) {
    const std::string operation = std::string("do the like ") + preposition;
    EXPECT_EQ(failure_words({.operation = operation, .error_number = EIO}),
              "could not " + operation + " it: Input/output error");
  }
  Failure large = failure_of(FailureCode::attribute_too_large);
  large.operation = "set the extended attribute user.big of";
  EXPECT_EQ(failure_words(large),
            "could not set the extended attribute user.big of it: it is larger than DST's file "
            "system allows, or the disk is full");
}

TEST(FailureWords, name_what_they_speak_of) {
  Failure failure = failure_of(FailureCode::one_name);
  failure.name = "File";
  EXPECT_EQ(
      failure_words(failure),
      "\"file\" and \"File\" are the same name on the destination's file system: not mirrored");
  failure = failure_of(FailureCode::backup_name_too_long);
  failure.name = "file~";
  EXPECT_EQ(failure_words(failure),
            "the name of its backup, 'file~', is too long for DST: left alone. Use a shorter "
            "--suffix, or --backup-dir without one");
  failure = {.code = FailureCode::index_failed_set_aside, .name = "/i", .cause = "disk full"};
  EXPECT_EQ(
      failure_words(failure),
      "the index '/i' failed: disk full; what was proved since then is not remembered. It was "
      "set aside, and the next pass begins a new one");
}

TEST(FailureWords, say_how_rot_is_mended) {
  EXPECT_EQ(
      failure_words(failure_of(FailureCode::rot_destination_good)),
      "bytes of the source changed, but not its inode, size, mtime or ctime, as with bit rot: "
      "not mirrored; the destination still holds what is remembered. Copy the file back from "
      "there (--restore does so for all files), or 'touch' it to have it mirrored as it is");
}

template <typename Code, typename Words>
void expect_words_for_each(Code last, Words words) {
  std::set<std::string> codes;
  std::set<std::string> sentences;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_TRUE(codes.insert(to_string(code)).second) << to_string(code);
    const std::string sentence = words(code);
    EXPECT_NE(sentence, to_string(code));
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
}

TEST(TroubleWords, are_there_for_every_code_and_no_two_are_alike) {
  expect_words_for_each(FailureCode::index_failed_set_aside,
                        [](FailureCode code) { return failure_words(failure_of(code)); });
  expect_words_for_each(NoticeCode::no_answer,
                        [](NoticeCode code) { return notice_words({.path = {}, .code = code}); });
  expect_words_for_each(HeldCode::too_many_percent,
                        [](HeldCode code) { return held_words({.code = code}); });
  expect_words_for_each(RefusalCode::entry_unusable, [](RefusalCode code) {
    return refusal_words({.code = code, .root = Root::source, .path = "p", .cause = "cause"});
  });
  expect_words_for_each(Allowance::other_or_no_index, [](Allowance allowance) {
    return refusal_words({.code = RefusalCode::other, .cause = "no", .allowance = allowance});
  });
}

TEST(NoticeWords, have_their_numbers_and_names) {
  EXPECT_EQ(notice_words({.code = NoticeCode::copy_kept, .numbers = {93, 100}}),
            "its copy was kept at 93 %: the next run goes on from there");
  EXPECT_EQ(notice_words({.code = NoticeCode::little_room,
                          .numbers = {3'000'000'000, 1'500'000'000, 250'000'000}}),
            "the destination does not have enough space: at least 3.000 GB are to be copied, "
            "1.500 GB are free; deletions free at least 0.250 GB, but come after the copying: "
            "--delete-before deletes first");
  EXPECT_EQ(notice_words({.code = NoticeCode::read_for_ctime, .numbers = {98, 100}}),
            "98 % of the files were read again in the source: only their ctime changed "
            "(a chmod, a chown or new hard links of the whole tree does that)");
  EXPECT_EQ(
      notice_words({.code = NoticeCode::waiting_for_index, .name = "/i", .cause = "process 7"}),
      "the index '/i' is in use by another run (process 7): waiting until it ends");
}

TEST(HeldWords, say_how_much_would_go_with_examples_and_a_way_out) {
  HeldDeletions held{.code = HeldCode::first_pass,
                     .wanted = {.entries = 300, .bytes = 3},
                     .held = {.entries = 1000, .bytes = 1000},
                     .examples = {"a", "b"},
                     .nested = "/backup/photos",
                     .needs_limit = true,
                     .passes = 2};
  EXPECT_EQ(held_words(held),
            "deletions held back: 300 of 1000 entries (30 %) and 3 of 1000 bytes (0.3 %) would be "
            "deleted, such as 'a', 'b', more than the 10 % that may be deleted before a pass of "
            "these two "
            "folders has ended well. Is the destination the right folder, or did you mean "
            "'/backup/photos'? To see what would be deleted, use --dry-run; to allow it, use "
            "--max-delete=300 (--delete is not enough before a pass has ended well); with --undo "
            "--max-delete=100% it can be taken back. Deletions have been held back for 2 passes "
            "now");
  held = {.code = HeldCode::too_many_a_day,
          .wanted = {.entries = 300, .bytes = 3},
          .held = {.entries = 1000, .bytes = 1000},
          .removed = {.entries = 5, .bytes = 5}};
  EXPECT_EQ(
      held_words(held),
      "deletions held back: 300 of 1000 entries (30 %) and 3 of 1000 bytes (0.3 %) would be "
      "deleted, after 5 that were deleted within 24 hours, more than the 25 % a day that may be "
      "deleted by default. To see what would be deleted, use --dry-run; to allow it, use --delete "
      "or "
      "--max-delete=300; with --undo --max-delete=100% it can be taken back");
  EXPECT_EQ(
      held_words(held, true),
      "deletions held back: 300 of 1000 entries (30 %) and 3 of 1000 bytes (0.3 %) would be "
      "deleted, after 5 that were deleted within 24 hours, more than the 50 % a day that may be "
      "deleted with --undo. To see what would be deleted, use --dry-run; to allow it, use --delete "
      "or --max-delete=300");
  held.code = HeldCode::too_many_percent;
  held.most = 12.5;
  EXPECT_EQ(held_words(held),
            "deletions held back: 300 of 1000 entries (30 %) and 3 of 1000 bytes (0.3 %) would be "
            "deleted, more than "
            "--max-delete=12.5% allows; with --undo --max-delete=100% it can be taken back");
}

TEST(UndoWords, say_what_is_kept_of_what_and_how_a_pass_goes_on) {
  EXPECT_EQ(refusal_words({.code = RefusalCode::held_after_undo,
                           .path = "/mnt/my photos",
                           .other = "20261125T084751Z"}),
            "nothing was done, since destination '/mnt/my photos' is held: the undo "
            "20261125T084751Z took passes onto it back, and another one would do the same again. "
            "To let them go on: syncline undo '/mnt/my photos' --release");
  EXPECT_EQ(refusal_words({.code = RefusalCode::no_such_pass, .other = "20261125T084751Z"}),
            "no pass '20261125T084751Z' is kept; those that are: syncline undo DST --list");
  EXPECT_EQ(refusal_words({.code = RefusalCode::quarantine_elsewhere, .path = "/q"}),
            "the folder for undo '/q' is on another file system than the destination, and what is "
            "kept is moved, not copied: choose one on the same");
  Failure failure = failure_of(FailureCode::changed_since_pass);
  failure.name = "20261125T084751Z";
  EXPECT_EQ(failure_words(failure), "is not what the pass 20261125T084751Z left there: left alone");
  EXPECT_EQ(
      notice_words(
          {.code = NoticeCode::expired, .name = "20261125T084751Z", .numbers = {1234, 5'600'000}}),
      "the pass 20261125T084751Z can be taken back no more: 1,234 entries of it are no longer "
      "kept (5.6 MB)");
}

TEST(HeldWords, name_what_could_not_be_seen) {
  const HeldDeletions held{
      .code = HeldCode::unseen,
      .failure = Failure{.path = "shut", .operation = "open", .error_number = EACCES},
      .more = 3};
  EXPECT_EQ(held_words(held),
            "nothing was deleted, since not everything could be seen: 'shut': could not open: "
            "Permission denied (and 3 more)");
}

TEST(RefusalWords, say_what_is_wrong_and_how_what_would_get_further_is_typed) {
  EXPECT_EQ(refusal_words({.code = RefusalCode::destination_in_use,
                           .path = "d",
                           .cause = "process 7",
                           .allowance = Allowance::wait}),
            "destination 'd' is in use by another run (process 7): wait until that has ended, or "
            "use --wait");
  EXPECT_EQ(refusal_words({.code = RefusalCode::mirror_of_source,
                           .root = Root::destination,
                           .path = "d",
                           .other = "s",
                           .allowance = Allowance::restore_other_way}),
            "'d' is known as the mirror of 's': to bring files back from it, name it first: "
            "--restore 'd' 's'");
  EXPECT_EQ(
      refusal_words({.code = RefusalCode::root_is_file,
                     .root = Root::source,
                     .path = "in/file/",
                     .allowance = Allowance::one_file}),
      "source 'in/file/' is a file, not a folder: to mirror it alone, name its folder and add "
      "--include=/file --exclude='*', or use cp");
  EXPECT_EQ(refusal_words({.code = RefusalCode::index_unusable,
                           .path = "/i",
                           .operation = "open",
                           .error_number = EACCES,
                           .allowance = Allowance::other_or_no_index}),
            "the index '/i' cannot be used: could not open: Permission denied; name another place "
            "with --index=FILE, or use --no-index");
  EXPECT_EQ(refusal_words({.code = RefusalCode::root_missing,
                           .root = Root::parent_of_destination,
                           .path = "above"}),
            "the parent folder 'above' of the destination does not exist");
}

}  // namespace
}  // namespace syncline::cli
