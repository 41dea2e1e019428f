// Why a pass could not begin, or not go on.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/allowance.h"

#include <cstdint>
#include <string>

namespace syncline {

enum class RefusalCode : std::uint8_t {
  other,  ///< `cause`, a sentence

  // Of the root `path`.
  root_missing,
  root_is_file,
  root_is_no_folder,
  root_unusable,            ///< `operation` and `error_number`, or `cause`
  root_is_link_to_nothing,  ///< to `other`: is its disk mounted?
  root_not_mounted,         ///< it is empty, and not the folder of the last pass
  root_emptied,             ///< likewise, and of no pass that is known
  same_folder,
  destination_in_source,        ///< which is `other`
  destination_would_be_inside,  ///< likewise, once it is made
  source_in_destination,        ///< which is `other`
  no_parent,                    ///< of a destination that is missing
  destination_gone,             ///< though an earlier pass has known it
  destination_gone_in_loop,     ///< likewise; its disk may not be mounted
  destination_unsteady,         ///< it comes and goes
  destination_in_use,           ///< by another pass; `cause` says whose
  mirror_of_source,             ///< to restore, it is named first
  places_changed,               ///< it is known as the mirror of `other`, not the other way round
  roots_unusable,               ///< this one or `other`: `operation` and `error_number`, or `cause`
  root_in_root,                 ///< `root`, mounted at `path` inside the other

  // Of the index `path`.
  index_in_use,      ///< by another pass; `cause` says whose
  index_unusable,    ///< `operation` and `error_number`, or `cause`
  index_unreadable,  ///< for `cause`
  index_is_folder,
  index_has_no_usual_place,
  index_in_destination,
  index_open_to_others,  ///< who could forge proofs: `cause`
  index_exchangeable,    ///< by others, for another one: `cause`
  index_remote,          ///< on a network file system, which cannot lock it well enough
  index_foreign,         ///< it is no index
  index_of_other_pair,   ///< of `other` and `cause`
  index_not_set_aside,   ///< something else is called `other`

  // Of the backup folder `path`.
  backup_unusable,  ///< `operation` and `error_number`, or `cause`
  backup_in_source,
  backup_elsewhere,       ///< on another file system than the destination
  backup_reserved,        ///< it lies in what is reserved for Syncline
  backup_open_to_others,  ///< though the destination is not: `cause`
  backup_holds_destination,
  backup_holds_source,

  // Of the pass.
  stopped_waiting,  ///< for the destination `path`, which another pass has; `cause` says whose
  stopped_waiting_for_index,  ///< likewise
  cannot_go_on,               ///< for `cause`
  list_lost,                  ///< of what is to be deleted, for `cause`
  outside_of_roots,           ///< an entry to be explained
  entry_unusable,             ///< likewise `path`: `operation` and `error_number`, or `cause`
};
/// "root_missing", ...: stays the same from version to version.
const char* to_string(RefusalCode code);

enum class Root : std::uint8_t { none, source, destination, parent_of_destination };
/// "source", "parent_of_destination", ...
const char* to_string(Root root);

struct Refusal {
  RefusalCode code{};
  Root root{};  ///< what `path` is
  std::string path{};
  std::string other{};      ///< another path
  std::string operation{};  ///< completes "could not ..."
  int error_number = 0;     ///< errno
  std::string cause{};      ///< a clause
  Allowance allowance{};    ///< what would get further

  /// The code and what belongs to it, for whoever has no words.
  [[nodiscard]] std::string in_codes() const;
};

}  // namespace syncline
