// Each reason's code and numbers come to one sentence.
//
// SPDX-License-Identifier: MIT
#include "tell/answer_words.h"
#include "tell/reason_words.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

namespace syncline::cli {
namespace {

std::string words_on(Reason reason, Kind kind = Kind::file) {
  return reason_words(Action{.verb = Verb::update,
                             .kind = kind,
                             .path = "in/b",
                             .reason = reason,
                             .bytes = 200,
                             .link_of = "a",
                             .moved_from = "in/B"});
}

TEST(ReasonWords, have_the_numbers_of_both_sides) {
  EXPECT_EQ(words_on({ReasonCode::size, reason::Sizes{.before = 12, .after = 14}}), "size 12→14");
  reason::Metadata change{.before = {.mode = 04755, .uid = 1, .gid = 2},
                          .after = {.mode = 0044, .uid = 3, .gid = 4},
                          .mode = true,
                          .owner = true,
                          .group = true,
                          .mtime = true,
                          .attributes = true,
                          .acl = true,
                          .capabilities = true};
  EXPECT_EQ(words_on({ReasonCode::metadata, change}),
            "mode 4755→044, owner 1→3, group 2→4, mtime, attributes, ACL, capabilities");
  change = {};
  change.mtime = true;
  EXPECT_EQ(words_on({ReasonCode::metadata_linked_elsewhere, change}),
            "mtime; replaced by a new file, since it has names elsewhere");
  EXPECT_EQ(words_on({ReasonCode::metadata_handed_over, change}),
            "mtime; replaced by a new file, since somebody may have the old one open");
}

TEST(ReasonWords, name_the_entries_that_belong_to_them) {
  EXPECT_EQ(words_on({ReasonCode::hard_link}), "hard link of 'a'");
  EXPECT_EQ(words_on({ReasonCode::moved}), "was 'in/B'");
  EXPECT_EQ(words_on({ReasonCode::moved_by_content}), "was 'in/B', found by its content");
  EXPECT_EQ(words_on({ReasonCode::exchanged}), "changed places with 'in/B'");
  EXPECT_EQ(words_on({ReasonCode::respelled}), "name B→b");
  EXPECT_EQ(words_on({ReasonCode::other_kind, Kind::character_device}), "was a character device");
  EXPECT_EQ(words_on({ReasonCode::other_kind, Kind::fifo}, Kind::folder), "was not a folder");
}

TEST(ReasonWords, say_where_a_copy_was_taken_up) {
  EXPECT_EQ(words_on({.resumed_bytes = 187}), "new, resumed at 93 %");
  EXPECT_EQ(words_on({.resumed_bytes = 200}), "new, resumed at 100 %");
}

TEST(ReasonWords, say_why_a_file_was_read) {
  using reason::Stamp;
  EXPECT_EQ(reason_words(Reason{ReasonCode::source_moved, reason::Moved{.source = Stamp::ctime}}),
            "ctime changed");
  EXPECT_EQ(reason_words(
                Reason{ReasonCode::destination_moved, reason::Moved{.destination = Stamp::mtime}}),
            "destination's mtime changed");
  EXPECT_EQ(
      reason_words(Reason{ReasonCode::both_moved,
                          reason::Moved{.source = Stamp::inode, .destination = Stamp::ctime}}),
      "inode changed, destination's ctime changed");
  EXPECT_EQ(reason_words(Reason{ReasonCode::unknown}), "not known");
  EXPECT_EQ(reason_words(Reason{ReasonCode::file_unreadable, reason::Unreadable{EIO}}),
            "the destination's file cannot be read: Input/output error");
}

TEST(ReasonWords, are_there_for_every_code_and_no_two_codes_are_alike) {
  std::set<std::string> codes;
  for (int i = 0; i <= static_cast<int>(ReasonCode::unknown); ++i) {
    const auto code = static_cast<ReasonCode>(i);
    EXPECT_TRUE(codes.insert(to_string(code)).second) << to_string(code);
    const bool is_of_metadata = code == ReasonCode::metadata;  // which has no words but its parts'
    const bool is_of_stamps = code == ReasonCode::source_moved ||
                              code == ReasonCode::destination_moved ||
                              code == ReasonCode::both_moved;
    EXPECT_EQ(words_on({code}).empty(), is_of_metadata || is_of_stamps) << to_string(code);
  }
  for (int i = 0; i <= static_cast<int>(AnswerCode::folder_same); ++i) {
    const auto code = static_cast<AnswerCode>(i);
    EXPECT_NE(answer_words({.code = code}), "") << to_string(code);
  }
}

TEST(AnswerWords, say_what_would_be_done_and_why) {
  EXPECT_EQ(answer_words({.code = AnswerCode::would_read_both, .why = {ReasonCode::asked}}),
            "would read both sides: asked for; equal bytes stay, different ones are copied");
  EXPECT_EQ(answer_words({.code = AnswerCode::source_unreadable, .error_number = EACCES}),
            "would fail: the source's file cannot be read: Permission denied");
  EXPECT_EQ(answer_words({.code = AnswerCode::folder_excluded, .folder = "cache"}),
            "left alone: the filter rules exclude 'cache', a folder above it");
}

}  // namespace
}  // namespace syncline::cli
