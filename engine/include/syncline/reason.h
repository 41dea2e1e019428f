// Why something was done to an entry, or why a file was read: a code and the numbers that belong to
// it. Sentences for people are up to the program.
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
  taken_back,                 ///< undo(): as it was before a pass
  not_in_source_backed_up,    ///< likewise; what was removed is kept among the backups
  size,                       ///< another size; facts: reason::Sizes
  content,                    ///< other bytes of the same size; another mtime shows it
  silent_source,              ///< the source's bytes changed, but not its size and mtime
  silent_destination,         ///< likewise the destination's
  rotten_destination,         ///< likewise, and not even its inode or ctime changed
  doubtful,                   ///< other bytes, and nothing shows which side changed
  file_unreadable,            ///< the destination's file; facts: reason::Unreadable
  attributes_unreadable,      ///< likewise its extended attributes
  symlink_unreadable,         ///< the destination's symlink
  target,                     ///< of a symlink, another target
  device,                     ///< of a device, another number
  metadata,                   ///< facts: reason::Metadata
  metadata_linked_elsewhere,  ///< likewise; replaced, since it has hard links outside of the mirror
  metadata_handed_over,       ///< likewise; replaced, since somebody may have the old one open
  other_kind,                 ///< it replaced an entry of another kind; the fact is that Kind
  linked_to_another,          ///< it was a hard link of something that it is none of in the source
  hard_link,                  ///< it is a hard link of Action::link_of
  moved,                      ///< it was renamed from Action::moved_from
  moved_by_content,           ///< likewise; found by its content, not by its inode
  exchanged,                  ///< it changed places with Action::moved_from
  respelled,    ///< the same name with another case; Action::moved_from is the old one
  interrupted,  ///< an interrupted pass left it behind
  same,         ///< nothing was to be done

  // Why a file was read.
  source_moved,       ///< the source's inode, mtime or ctime changed; facts: reason::Moved
  destination_moved,  ///< likewise the destination's
  both_moved,         ///< likewise both sides'
  unsure,             ///< it changed too recently, the last time
  found_rotten,       ///< an earlier pass found rot
  asked,              ///< Options::rehash
  unknown,            ///< the index does not know it
};
/// "new", "not_in_source", ...: stays the same from version to version.
const char* to_string(ReasonCode code);

namespace reason {

struct Sizes {
  std::uint64_t before = 0;
  std::uint64_t after = 0;

  friend bool operator==(const Sizes&, const Sizes&) = default;
};

/// Which metadata differed, with the values of mode, owner and group.
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

/// The first of these, in this order, that is not the remembered one.
enum class Stamp : std::uint8_t { none, inode, mtime, ctime };
/// "inode", ...
const char* to_string(Stamp stamp);

/// What changed on each side.
struct Moved {
  Stamp source = Stamp::none;
  Stamp destination = Stamp::none;

  friend bool operator==(const Moved&, const Moved&) = default;
};

/// std::monostate: the code says it all.
using Facts = std::variant<std::monostate, Sizes, Metadata, Kind, Unreadable, Moved>;

}  // namespace reason

/// A plain value, cheap to copy.
struct Reason {
  ReasonCode code = ReasonCode::is_new;
  reason::Facts facts{};
  std::uint64_t resumed_bytes = 0;  ///< bytes that an interrupted copy held already; 0: none did

  friend bool operator==(const Reason&, const Reason&) = default;
};

}  // namespace syncline
