// SPDX-License-Identifier: MIT
#include "tell/answer_words.h"

#include "tell/reason_words.h"

#include <system_error>

namespace syncline::cli {
namespace {

std::string would_read(const char* what, const Reason& why) {
  return std::string("would read ") + what + ": " + reason_words(why) +
         "; equal bytes stay, different ones are copied";
}

}  // namespace

std::string answer_words(const Answer& answer) {
  switch (answer.code) {
    case AnswerCode::folder_unusable:
      return "a folder above it could not be read";
    case AnswerCode::not_walked:
      return "left alone: a pass does not enter all the folders above it";
    case AnswerCode::source_unreadable:
      return "would fail: the source's file cannot be read: " +
             std::generic_category().message(answer.error_number);
    case AnswerCode::would_read_both:
      return would_read("both sides", answer.why);
    case AnswerCode::would_read_source:
      return would_read("the source", answer.why);
    case AnswerCode::would_read_destination:
      return would_read("the destination", answer.why);
    case AnswerCode::would_copy:
      return "would copy it: the destination's file cannot be read: " +
             std::generic_category().message(answer.error_number);
    case AnswerCode::reserved:
      return "left alone: '.syncline' at the top of a root is reserved for Syncline itself";
    case AnswerCode::of_file_system:
      return "left alone: it belongs to its file system";
    case AnswerCode::excluded:
      return "left alone: the filter rules exclude it, and protect it from deletion";
    case AnswerCode::folder_excluded:
      return "left alone: the filter rules exclude '" + answer.folder + "', a folder above it";
    case AnswerCode::takes_no_part:
      return "left alone: a rule leaves it out, or it is on another file system";
    case AnswerCode::on_neither_side:
      return "on neither side";
    case AnswerCode::unwanted:
      return "left alone because of its size, its age or what the destination has, as asked for";
    case AnswerCode::index_file:
      return "left alone: a file of the index";
    case AnswerCode::not_kept:
      return "not kept: the destination did not take it the last time, and nothing has changed "
             "since. It is tried again once something changes";
    case AnswerCode::kept:
      return "kept: nothing is deleted there, or it is a backup";
    case AnswerCode::same:
      return "the same: nothing would be done";
    case AnswerCode::same_size:
      return "taken for the same by size, as asked for: nothing would be done";
    case AnswerCode::same_mtime:
      return "taken for the same by size and mtime, as asked for: nothing would be done";
    case AnswerCode::proved:
      return "the same: proved, and neither side changed since. Nothing would be done";
    case AnswerCode::may_stay:
      return "would stay if it holds excluded entries, since these are kept";
    case AnswerCode::folder_same:
      return "the folder itself is the same; this says nothing of what is in it";
  }
  return to_string(answer.code);
}

}  // namespace syncline::cli
