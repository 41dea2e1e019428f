// Whose word counts. What is believed, be it an index or a file of settings, has to be out of the
// reach of everybody but root and this user: neither to be written nor to be exchanged by others.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "model/entry.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::filesystem {

struct Demands {
  std::vector<std::uint32_t> owners;  ///< whose it may be
  /// Nobody else is in its group, so that what that may do its owner may.
  bool group_is_owner = false;
  /// A folder that others can write to will do where they cannot rename what is not theirs.
  bool sticky_will_do = false;
};

/// The rule, in words that follow the name of `entry`: why others could have written it, or what is
/// in it; nullopt where nobody could. An access control list shows in the group's bits (acl(5)).
std::optional<std::string> why_others_could_write(const Entry& entry, const Demands& demands);

/// For Demands: whether the group of what `fd` is, which is `entry`, may write to it and is its
/// owner's alone. Never root's: daemons are in root's groups, and what they make.
bool is_group_owner(int fd, const Entry& entry);

/// Of an index, or of the folder that it is in: as private as what we make ourselves.
std::optional<std::string> why_not_private(const Entry& entry);

/// Of the folders above `folder`: why others could put another one in its place.
std::optional<std::string> why_others_could_exchange(const Directory& folder);

/// Of an open file that steers a run. It may be root's, this user's, or, where root runs on behalf
/// of a user (sudo(8), $SUDO_UID), that user's; and its group may write to it where that is its
/// owner's alone, as a umask of 002 has it.
std::optional<std::string> why_not_trusted(int fd);

}  // namespace syncline::filesystem
