// SPDX-License-Identifier: MIT
#include "syncline/reason.h"

namespace syncline {

const char* to_string(ReasonCode code) {
  switch (code) {
    case ReasonCode::is_new:
      return "new";
    case ReasonCode::not_in_source:
      return "not_in_source";
    case ReasonCode::taken_back:
      return "taken_back";
    case ReasonCode::not_in_source_backed_up:
      return "not_in_source_backed_up";
    case ReasonCode::size:
      return "size";
    case ReasonCode::content:
      return "content";
    case ReasonCode::silent_source:
      return "silent_source";
    case ReasonCode::silent_destination:
      return "silent_destination";
    case ReasonCode::rotten_destination:
      return "rotten_destination";
    case ReasonCode::doubtful:
      return "doubtful";
    case ReasonCode::file_unreadable:
      return "file_unreadable";
    case ReasonCode::attributes_unreadable:
      return "attributes_unreadable";
    case ReasonCode::symlink_unreadable:
      return "symlink_unreadable";
    case ReasonCode::target:
      return "target";
    case ReasonCode::device:
      return "device";
    case ReasonCode::metadata:
      return "metadata";
    case ReasonCode::metadata_linked_elsewhere:
      return "metadata_linked_elsewhere";
    case ReasonCode::metadata_handed_over:
      return "metadata_handed_over";
    case ReasonCode::other_kind:
      return "other_kind";
    case ReasonCode::linked_to_another:
      return "linked_to_another";
    case ReasonCode::hard_link:
      return "hard_link";
    case ReasonCode::moved:
      return "moved";
    case ReasonCode::moved_by_content:
      return "moved_by_content";
    case ReasonCode::exchanged:
      return "exchanged";
    case ReasonCode::respelled:
      return "respelled";
    case ReasonCode::interrupted:
      return "interrupted";
    case ReasonCode::same:
      return "same";
    case ReasonCode::source_moved:
      return "source_moved";
    case ReasonCode::destination_moved:
      return "destination_moved";
    case ReasonCode::both_moved:
      return "both_moved";
    case ReasonCode::unsure:
      return "unsure";
    case ReasonCode::found_rotten:
      return "found_rotten";
    case ReasonCode::asked:
      return "asked";
    case ReasonCode::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* reason::to_string(Stamp stamp) {
  switch (stamp) {
    case Stamp::none:
      return "none";
    case Stamp::inode:
      return "inode";
    case Stamp::mtime:
      return "mtime";
    case Stamp::ctime:
      return "ctime";
  }
  return "none";
}

}  // namespace syncline
