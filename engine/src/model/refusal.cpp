// SPDX-License-Identifier: MIT
#include "syncline/refusal.h"

#include <system_error>

namespace syncline {

const char* to_string(RefusalCode code) {
  switch (code) {
    case RefusalCode::other:
      return "other";
    case RefusalCode::root_missing:
      return "root_missing";
    case RefusalCode::root_is_file:
      return "root_is_file";
    case RefusalCode::root_is_no_folder:
      return "root_is_no_folder";
    case RefusalCode::root_unusable:
      return "root_unusable";
    case RefusalCode::root_is_link_to_nothing:
      return "root_is_link_to_nothing";
    case RefusalCode::root_not_mounted:
      return "root_not_mounted";
    case RefusalCode::root_emptied:
      return "root_emptied";
    case RefusalCode::same_folder:
      return "same_folder";
    case RefusalCode::destination_in_source:
      return "destination_in_source";
    case RefusalCode::destination_would_be_inside:
      return "destination_would_be_inside";
    case RefusalCode::source_in_destination:
      return "source_in_destination";
    case RefusalCode::no_parent:
      return "no_parent";
    case RefusalCode::destination_gone:
      return "destination_gone";
    case RefusalCode::destination_gone_in_loop:
      return "destination_gone_in_loop";
    case RefusalCode::destination_unsteady:
      return "destination_unsteady";
    case RefusalCode::destination_in_use:
      return "destination_in_use";
    case RefusalCode::mirror_of_source:
      return "mirror_of_source";
    case RefusalCode::places_changed:
      return "places_changed";
    case RefusalCode::roots_unusable:
      return "roots_unusable";
    case RefusalCode::root_in_root:
      return "root_in_root";
    case RefusalCode::index_in_use:
      return "index_in_use";
    case RefusalCode::index_unusable:
      return "index_unusable";
    case RefusalCode::index_unreadable:
      return "index_unreadable";
    case RefusalCode::index_is_folder:
      return "index_is_folder";
    case RefusalCode::index_has_no_usual_place:
      return "index_has_no_usual_place";
    case RefusalCode::index_in_destination:
      return "index_in_destination";
    case RefusalCode::index_open_to_others:
      return "index_open_to_others";
    case RefusalCode::index_exchangeable:
      return "index_exchangeable";
    case RefusalCode::index_remote:
      return "index_remote";
    case RefusalCode::index_foreign:
      return "index_foreign";
    case RefusalCode::index_of_other_pair:
      return "index_of_other_pair";
    case RefusalCode::index_not_set_aside:
      return "index_not_set_aside";
    case RefusalCode::backup_unusable:
      return "backup_unusable";
    case RefusalCode::backup_in_source:
      return "backup_in_source";
    case RefusalCode::backup_elsewhere:
      return "backup_elsewhere";
    case RefusalCode::backup_reserved:
      return "backup_reserved";
    case RefusalCode::backup_open_to_others:
      return "backup_open_to_others";
    case RefusalCode::backup_holds_destination:
      return "backup_holds_destination";
    case RefusalCode::backup_holds_source:
      return "backup_holds_source";
    case RefusalCode::quarantine_unusable:
      return "quarantine_unusable";
    case RefusalCode::quarantine_elsewhere:
      return "quarantine_elsewhere";
    case RefusalCode::quarantine_in_root:
      return "quarantine_in_root";
    case RefusalCode::quarantine_open_to_others:
      return "quarantine_open_to_others";
    case RefusalCode::held_after_undo:
      return "held_after_undo";
    case RefusalCode::no_such_pass:
      return "no_such_pass";
    case RefusalCode::nothing_to_undo:
      return "nothing_to_undo";
    case RefusalCode::no_such_version:
      return "no_such_version";
    case RefusalCode::plan_unusable:
      return "plan_unusable";
    case RefusalCode::plan_foreign:
      return "plan_foreign";
    case RefusalCode::plan_open_to_others:
      return "plan_open_to_others";
    case RefusalCode::plan_other_schema:
      return "plan_other_schema";
    case RefusalCode::plan_cut_short:
      return "plan_cut_short";
    case RefusalCode::plan_altered:
      return "plan_altered";
    case RefusalCode::plan_other_root:
      return "plan_other_root";
    case RefusalCode::plan_done:
      return "plan_done";
    case RefusalCode::plan_keeps_backups:
      return "plan_keeps_backups";
    case RefusalCode::plan_in_root:
      return "plan_in_root";
    case RefusalCode::plan_line_too_long:
      return "plan_line_too_long";
    case RefusalCode::stopped_waiting:
      return "stopped_waiting";
    case RefusalCode::stopped_waiting_for_index:
      return "stopped_waiting_for_index";
    case RefusalCode::cannot_go_on:
      return "cannot_go_on";
    case RefusalCode::list_lost:
      return "list_lost";
    case RefusalCode::outside_of_roots:
      return "outside_of_roots";
    case RefusalCode::entry_unusable:
      return "entry_unusable";
  }
  return "unknown";
}

const char* to_string(Root root) {
  switch (root) {
    case Root::none:
      return "none";
    case Root::source:
      return "source";
    case Root::destination:
      return "destination";
    case Root::parent_of_destination:
      return "parent_of_destination";
  }
  return "unknown";
}

std::string Refusal::in_codes() const {
  std::string text = to_string(code);
  if (root != Root::none) text.append(" ").append(to_string(root));
  for (const std::string& part : {path, other, operation, cause})
    if (!part.empty()) text.append(", ").append(part);
  if (error_number != 0) text += ": " + std::generic_category().message(error_number);
  return text;
}

}  // namespace syncline
