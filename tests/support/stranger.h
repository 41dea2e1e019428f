// Another user of the machine, who is no friend: he does what his own rights allow, in a process
// of his own, since what root opened with lowered ids would prove nothing of what he may.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/descriptor.h"

#include <sys/types.h>

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

/// Over a datagram socket (unix(7)).
void send_over(int socket, int fd);

/// Becomes him for good: for a child of the test's. False where that cannot be.
bool become_a_stranger();

/// A child that has done `deed` and now waits, with all that it holds, until this is gone. It has
/// the test's own ids unless the deed changes them.
class Waiting {
 public:
  explicit Waiting(const std::function<bool()>& deed);
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting();

  /// The deed was done.
  [[nodiscard]] bool is_ready() const { return is_ready_; }
  [[nodiscard]] pid_t pid() const { return child_; }

 private:
  Descriptor end_{-1};
  pid_t child_ = -1;
  bool is_ready_ = false;
};

}  // namespace syncline::test
