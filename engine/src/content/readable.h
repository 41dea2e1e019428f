// Files of the destination opened whatever their modes are, and what to make of those that cannot
// be read.
//
// A file's mode may keep even us, its owner, from opening it, as 0044 and 0000 do: then it is
// opened up for as long as opening it takes. What cannot be read all the same has no content that
// is known, which is not the same as another content: it is replaced for being unreadable, and
// nothing else is said of it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

#include <optional>
#include <string>

namespace syncline::engine {

/// The name that it has by now.
inline const std::string& name_of(const Finished& finished) {
  return finished.copy.temporary.empty() ? finished.task.name : finished.copy.temporary;
}

struct Readable {
  filesystem::File file;
  /// Of one that was opened up, which moved its ctime: they show only meanwhile.
  std::optional<Attributes> seen_open{};

  [[nodiscard]] bool was_shut() const { return seen_open.has_value(); }
  [[nodiscard]] Attributes attributes() const { return seen_open ? *seen_open : file.attributes(); }
};

/// For reading. `folder`: of the destination. Throws SystemError.
Readable open_readable(const Pass& pass, const filesystem::Directory& folder,
                       const std::string& name);
/// For reading and writing. Throws SystemError.
filesystem::File open_changeable(const Pass& pass, const filesystem::Directory& folder,
                                 const std::string& name);
/// What was copied, for reading. Throws SystemError.
filesystem::File reopen(Pass& pass, const Finished& finished);

/// Looks at the attributes of `entry`, which `folder` of the destination has by that name. Where a
/// file must be opened up for that, `entry` becomes what it is then. Throws SystemError.
void look_at_attributes(const Pass& pass, const filesystem::OpenFolder& folder,
                        const std::string& name, Entry& entry);

/// Why a pass could not open the file of the destination for reading (errno), now; 0: it could, or
/// that may pass. Throws SystemError.
int why_unreadable(const Pass& pass, const filesystem::Directory& folder, const std::string& name);
/// Likewise of the source.
int why_unreadable(Source& source, Folder& folder, const std::string& name);

}  // namespace syncline::engine
