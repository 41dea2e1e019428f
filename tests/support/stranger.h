// Another user of the machine, who is no friend: he does what his own rights allow, in a process
// of his own, since what root opened with lowered ids would prove nothing of what he may.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/descriptor.h"

#include <functional>
#include <string>

namespace syncline::test {

/// His ids: a user without a name, so that nobody else's processes are his.
inline constexpr unsigned stranger_id = 64'999;

/// Whether there can be one: only root may become him. A test that needs him skips itself else.
bool may_be_a_stranger();

/// Does `deed` as he would, in a child whose user, groups and capabilities are his alone. Returns
/// what it returns; an exception in it is false. May be called within a pass, from a call's hook.
bool as_stranger(const std::function<bool()>& deed);

/// What he gets who opens `path` (flags of open(2)) as he may: the descriptor, to be used as he
/// would use it. Not open where he may not.
Descriptor opened_by_stranger(const std::string& path, int flags);

/// All that a descriptor of his gives him of a file, from its beginning; empty where nothing.
std::string read_through(const Descriptor& held);
/// Whether it lets him write.
bool may_write_through(const Descriptor& held);

}  // namespace syncline::test
