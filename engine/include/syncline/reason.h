// Why something was done to an entry, or why a file was read: a code and the numbers that belong to
// it. A front end makes sentences of them; whoever has none shows the code.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/kind.h"

#include <cstdint>
#include <variant>

namespace syncline {

enum class ReasonCode : std::uint8_t {
  // Why an entry was made, changed or removed.
  is_new,
  not_in_source,
  not_in_source_backed_up,    ///< and what went is kept among the backups
  size,                       ///< facts: reason::Sizes
  content,                    ///< other bytes, of which size or mtime tell
  silent_source,              ///< the source's bytes changed, its size and mtime did not
  silent_destination,         ///< likewise the destination's
  rotten_destination,         ///< likewise, under an identity that did not move at all
  doubtful,                   ///< other bytes, and nothing tells which side changed
  file_unreadable,            ///< the destination's; facts: reason::Unreadable
  attributes_unreadable,      ///< likewise, extended ones
  symlink_unreadable,         ///< the destination's
  target,                     ///< of a symlink
  device,                     ///< another one
  metadata,                   ///< facts: reason::Metadata
  metadata_linked_elsewhere,  ///< likewise; made anew, for it has names outside of the mirror
  metadata_handed_over,       ///< likewise; made anew, for whoever has the old one open keeps it
  other_kind,                 ///< a folder gave way to something else, or the other way round; the
                              ///< fact is the Kind that was there
  linked_to_another,          ///< it shared its inode with what it shares none in the source
  hard_link,                  ///< of Action::link_of
  moved,                      ///< from Action::moved_from
  moved_by_content,           ///< likewise, known by its content
  exchanged,                  ///< likewise, where now is what was here
  respelled,    ///< the same name in other letters; Action::moved_from has the old ones
  interrupted,  ///< an earlier pass left it behind
  same,         ///< nothing was to be done

  // Why a file was read.
  source_moved,       ///< facts: reason::Moved
  destination_moved,  ///< likewise
  both_moved,         ///< likewise
  unsure,             ///< its stamps were too fresh to prove anything
  found_rotten,
  asked,
  unknown,  ///< to the index
};
/// "new", "not_in_source", ...: stays the same from version to version.
const char* to_string(ReasonCode code);

namespace reason {

struct Sizes {
  std::uint64_t before = 0;
  std::uint64_t after = 0;

  friend bool operator==(const Sizes&, const Sizes&) = default;
};

/// What of the metadata differed, with the values of what has some.
struct Metadata {
  struct Values {
    std::uint32_t mode = 0;  ///< the 12 permission bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;

    friend bool operator==(const Values&, const Values&) = default;
  };
  Values before;
  Values after;
  bool mode = false;
  bool owner = false;
  bool group = false;
  bool mtime = false;
  bool attributes = false;  ///< extended ones
  bool acl = false;
  bool capabilities = false;

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct Unreadable {
  int error_number = 0;  ///< errno

  friend bool operator==(const Unreadable&, const Unreadable&) = default;
};

/// The first part of an identity that is not what is remembered.
enum class Stamp : std::uint8_t { none, inode, mtime, ctime };
const char* to_string(Stamp stamp);

struct Moved {
  Stamp source = Stamp::none;
  Stamp destination = Stamp::none;

  friend bool operator==(const Moved&, const Moved&) = default;
};

using Facts = std::variant<std::monostate, Sizes, Metadata, Kind, Unreadable, Moved>;

}  // namespace reason

/// Owns nothing, so that a copy costs no more than its bytes.
struct Reason {
  ReasonCode code = ReasonCode::is_new;
  reason::Facts facts{};
  std::uint64_t resumed_bytes = 0;  ///< so many of the content an interrupted copy held already

  friend bool operator==(const Reason&, const Reason&) = default;
};

}  // namespace syncline
