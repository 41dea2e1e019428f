// SPDX-License-Identifier: MIT
#include "syncline/explain.h"

namespace syncline {

const char* to_string(AnswerCode code) {
  switch (code) {
    case AnswerCode::folder_unusable:
      return "folder_unusable";
    case AnswerCode::not_walked:
      return "not_walked";
    case AnswerCode::source_unreadable:
      return "source_unreadable";
    case AnswerCode::would_read_both:
      return "would_read_both";
    case AnswerCode::would_read_source:
      return "would_read_source";
    case AnswerCode::would_read_destination:
      return "would_read_destination";
    case AnswerCode::would_copy:
      return "would_copy";
    case AnswerCode::reserved:
      return "reserved";
    case AnswerCode::of_file_system:
      return "of_file_system";
    case AnswerCode::excluded:
      return "excluded";
    case AnswerCode::folder_excluded:
      return "folder_excluded";
    case AnswerCode::takes_no_part:
      return "takes_no_part";
    case AnswerCode::on_neither_side:
      return "on_neither_side";
    case AnswerCode::unwanted:
      return "unwanted";
    case AnswerCode::index_file:
      return "index_file";
    case AnswerCode::not_kept:
      return "not_kept";
    case AnswerCode::kept:
      return "kept";
    case AnswerCode::same:
      return "same";
    case AnswerCode::same_size:
      return "same_size";
    case AnswerCode::same_mtime:
      return "same_mtime";
    case AnswerCode::proved:
      return "proved";
    case AnswerCode::may_stay:
      return "may_stay";
    case AnswerCode::folder_same:
      return "folder_same";
  }
  return "unknown";
}

}  // namespace syncline
