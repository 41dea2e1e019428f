// SPDX-License-Identifier: MIT
#include "syncline/allowance.h"
#include "syncline/failure.h"
#include "syncline/held_deletions.h"
#include "syncline/notice.h"

namespace syncline {

const char* to_string(FailureCode code) {
  switch (code) {
    case FailureCode::system_call:
      return "system_call";
    case FailureCode::attribute_too_large:
      return "attribute_too_large";
    case FailureCode::leased:
      return "leased";
    case FailureCode::busy:
      return "busy";
    case FailureCode::running:
      return "running";
    case FailureCode::no_answer:
      return "no_answer";
    case FailureCode::other:
      return "other";
    case FailureCode::vanished_in_walk:
      return "vanished_in_walk";
    case FailureCode::vanished_unread:
      return "vanished_unread";
    case FailureCode::vanished_unlinked:
      return "vanished_unlinked";
    case FailureCode::other_file:
      return "other_file";
    case FailureCode::changing:
      return "changing";
    case FailureCode::rot_destination_good:
      return "rot_destination_good";
    case FailureCode::rot_destination_other:
      return "rot_destination_other";
    case FailureCode::rot_destination_unread:
      return "rot_destination_unread";
    case FailureCode::rot_remembered:
      return "rot_remembered";
    case FailureCode::doubtful:
      return "doubtful";
    case FailureCode::unverified:
      return "unverified";
    case FailureCode::attributes_unreadable:
      return "attributes_unreadable";
    case FailureCode::holds_excluded:
      return "holds_excluded";
    case FailureCode::kept_unlisted:
      return "kept_unlisted";
    case FailureCode::kept_undeleted:
      return "kept_undeleted";
    case FailureCode::kept_for_backup:
      return "kept_for_backup";
    case FailureCode::no_mount_point:
      return "no_mount_point";
    case FailureCode::mount_point:
      return "mount_point";
    case FailureCode::appeared_in_source:
      return "appeared_in_source";
    case FailureCode::changed_in_destination:
      return "changed_in_destination";
    case FailureCode::source_not_as_planned:
      return "source_not_as_planned";
    case FailureCode::destination_not_as_planned:
      return "destination_not_as_planned";
    case FailureCode::not_as_planned:
      return "not_as_planned";
    case FailureCode::changed_since_pass:
      return "changed_since_pass";
    case FailureCode::not_kept:
      return "not_kept";
    case FailureCode::in_the_way:
      return "in_the_way";
    case FailureCode::listed_missing:
      return "listed_missing";
    case FailureCode::listed_in_no_folder:
      return "listed_in_no_folder";
    case FailureCode::one_name:
      return "one_name";
    case FailureCode::name_refused:
      return "name_refused";
    case FailureCode::name_too_long:
      return "name_too_long";
    case FailureCode::backup_name_too_long:
      return "backup_name_too_long";
    case FailureCode::backup_name_taken:
      return "backup_name_taken";
    case FailureCode::backup_in_source:
      return "backup_in_source";
    case FailureCode::index_failed:
      return "index_failed";
    case FailureCode::index_failed_set_aside:
      return "index_failed_set_aside";
  }
  return "unknown";
}

const char* to_string(NoticeCode code) {
  switch (code) {
    case NoticeCode::own_file:
      return "own_file";
    case NoticeCode::reserved_name:
      return "reserved_name";
    case NoticeCode::holds_backups:
      return "holds_backups";
    case NoticeCode::temporary_name:
      return "temporary_name";
    case NoticeCode::maybe_temporary:
      return "maybe_temporary";
    case NoticeCode::holds_excluded:
      return "holds_excluded";
    case NoticeCode::copy_kept:
      return "copy_kept";
    case NoticeCode::file_unreadable:
      return "file_unreadable";
    case NoticeCode::rotten_destination:
      return "rotten_destination";
    case NoticeCode::doubtful:
      return "doubtful";
    case NoticeCode::backup_renamed:
      return "backup_renamed";
    case NoticeCode::backup_armed:
      return "backup_armed";
    case NoticeCode::kept_with_gap:
      return "kept_with_gap";
    case NoticeCode::expired:
      return "expired";
    case NoticeCode::destination_made_anew:
      return "destination_made_anew";
    case NoticeCode::lock_passed_over:
      return "lock_passed_over";
    case NoticeCode::waiting_for_destination:
      return "waiting_for_destination";
    case NoticeCode::waiting_for_index:
      return "waiting_for_index";
    case NoticeCode::index_open_to_others:
      return "index_open_to_others";
    case NoticeCode::index_unusable:
      return "index_unusable";
    case NoticeCode::index_set_aside:
      return "index_set_aside";
    case NoticeCode::index_in_source:
      return "index_in_source";
    case NoticeCode::weak_source:
      return "weak_source";
    case NoticeCode::weak_destination:
      return "weak_destination";
    case NoticeCode::read_for_ctime:
      return "read_for_ctime";
    case NoticeCode::would_read_for_ctime:
      return "would_read_for_ctime";
    case NoticeCode::little_room:
      return "little_room";
    case NoticeCode::no_answer:
      return "no_answer";
  }
  return "unknown";
}

const char* to_string(HeldCode code) {
  switch (code) {
    case HeldCode::unseen:
      return "unseen";
    case HeldCode::list_lost:
      return "list_lost";
    case HeldCode::index_failed:
      return "index_failed";
    case HeldCode::uncounted:
      return "uncounted";
    case HeldCode::index_begun_anew:
      return "index_begun_anew";
    case HeldCode::unknown_pair:
      return "unknown_pair";
    case HeldCode::first_pass:
      return "first_pass";
    case HeldCode::empty_source:
      return "empty_source";
    case HeldCode::too_many_a_day:
      return "too_many_a_day";
    case HeldCode::too_many_entries:
      return "too_many_entries";
    case HeldCode::too_many_percent:
      return "too_many_percent";
  }
  return "unknown";
}

const char* to_string(Allowance allowance) {
  switch (allowance) {
    case Allowance::nothing:
      return "nothing";
    case Allowance::wait:
      return "wait";
    case Allowance::adopt:
      return "adopt";
    case Allowance::restore_or_adopt:
      return "restore_or_adopt";
    case Allowance::restore_other_way:
      return "restore_other_way";
    case Allowance::one_file:
      return "one_file";
    case Allowance::move_or_other_index:
      return "move_or_other_index";
    case Allowance::other_index:
      return "other_index";
    case Allowance::other_or_no_index:
      return "other_or_no_index";
  }
  return "unknown";
}

}  // namespace syncline
