// Why a pass could not begin, or could not go on.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/allowance.h"

#include <cstdint>
#include <string>

namespace syncline {

/// Why, in one code. It names the members of Refusal that belong to it.
enum class RefusalCode : std::uint8_t {
  other,  ///< `cause`, a sentence for people

  // Of the root `path`.
  root_missing,
  root_is_file,
  root_is_no_folder,
  root_unusable,            ///< `operation` and `error_number`, or `cause`
  root_is_link_to_nothing,  ///< a symlink to `other`, which is not there: is its disk mounted?
  root_not_mounted,  ///< it is empty, and not the folder of the last pass (Options::expected_roots)
  root_emptied,      ///< likewise, not the folder that the index remembers
  same_folder,       ///< source and destination are one folder
  destination_in_source,        ///< it is inside the source `other`
  destination_would_be_inside,  ///< likewise, once it is created
  source_in_destination,        ///< it is inside the destination `other`
  no_parent,                    ///< the destination is missing, and so is the folder above it
  destination_gone,             ///< an earlier pass has used it, and now it is missing
  destination_gone_in_loop,     ///< likewise, and Options::create_destination forbids to create it
  destination_unsteady,         ///< it appears and disappears
  destination_in_use,           ///< another run is using it; `cause` says which
  mirror_of_source,             ///< Options::restore: `path` is the mirror, and must be the source
  places_changed,  ///< `path` is known as the mirror of `other`, not the other way round
  roots_unusable,  ///< `path` or `other`: `operation` and `error_number`, or `cause`
  root_in_root,    ///< `root` is mounted at `path`, inside the other root

  // Of the index `path`.
  index_in_use,      ///< another run is using it; `cause` says which
  index_unusable,    ///< `operation` and `error_number`, or `cause`
  index_unreadable,  ///< because of `cause`
  index_is_folder,
  index_has_no_usual_place,  ///< the environment and the user database name no folder for it
  index_in_destination,
  index_open_to_others,  ///< others could forge proofs in it; `cause` says how
  index_exchangeable,    ///< others could put another one in its place; `cause` says how
  index_remote,          ///< it is on a network file system, which cannot lock it well enough
  index_foreign,         ///< the file is no index
  index_of_other_pair,   ///< it is the index of source `other` and destination `cause`
  index_not_set_aside,   ///< it should be renamed to `other`, and something else has that name

  // Of the backup folder `path`.
  backup_unusable,  ///< `operation` and `error_number`, or `cause`
  backup_in_source,
  backup_elsewhere,       ///< it is on another file system than the destination
  backup_reserved,        ///< it is in `.syncline`, which is reserved
  backup_open_to_others,  ///< more users can use it than the destination; `cause` says how
  backup_holds_destination,
  backup_holds_source,

  // Of the quarantine `path`, and of undo().
  quarantine_unusable,        ///< `operation` and `error_number`, or `cause`
  quarantine_elsewhere,       ///< it is on another file system than the destination
  quarantine_in_root,         ///< it is inside the source or the destination, or holds one
  quarantine_open_to_others,  ///< others could change what is brought back; `cause` says how
  held_after_undo,  ///< the destination `path` was taken back by the undo `other`, and is held;
                    ///< `cause`: the folder of its quarantine (Undo::folder)
  no_such_pass,     ///< nothing of a pass `other` is kept
  nothing_to_undo,  ///< no pass is kept that can be taken back
  no_such_version,  ///< bring_back(): the destination had no entry `path` then

  // Of the plan `path`.
  plan_unusable,        ///< `operation` and `error_number`, or `cause`
  plan_foreign,         ///< it is no plan, and neither read nor replaced
  plan_open_to_others,  ///< others could have written it; `cause` says how
  plan_other_schema,    ///< its schema is `other`, which this version does not know
  plan_cut_short,       ///< its end is missing
  plan_altered,         ///< it is not what was written; `cause` says where
  plan_other_root,      ///< `root` is another folder than the plan met at `other`
  plan_done,            ///< it was applied, `other` being the start of that, as pass_name() has it
  plan_keeps_backups,   ///< its steps keep backups, so that it cannot be taken back, too
  plan_in_root,         ///< it would lie in the root `other`
  plan_line_too_long,   ///< the path `other`, or the list of rules, does not fit into a line

  // Of the pass.
  stopped_waiting,            ///< for the destination `path`, which another run is using: `cause`
  stopped_waiting_for_index,  ///< likewise for the index `path`
  cannot_go_on,               ///< because of `cause`
  list_lost,                  ///< the list of deletions cannot be kept, because of `cause`
  outside_of_roots,           ///< explain(): the path leads out of the roots
  entry_unusable,  ///< explain(): `operation` on `path` failed: `error_number` or `cause`
};
/// "root_missing", ...: stays the same from version to version.
const char* to_string(RefusalCode code);

/// What Refusal::path is.
enum class Root : std::uint8_t { none, source, destination, parent_of_destination };
/// "source", "parent_of_destination", ...
const char* to_string(Root root);

struct Refusal {
  RefusalCode code{};
  Root root{};  ///< what `path` is, where it is a root
  std::string path{};
  std::string other{};      ///< another path
  std::string operation{};  ///< completes "could not ..."
  int error_number = 0;     ///< errno
  std::string cause{};      ///< for people: a part of a sentence, without a full stop
  Allowance allowance{};    ///< what the caller may do about it

  /// The code and the members that belong to it, in one line, for programs without sentences.
  [[nodiscard]] std::string in_codes() const;
};

}  // namespace syncline
