// The socket on which a service manager hears what its service has to say.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/descriptor.h"

#include <string>

namespace syncline::test {

class NotifySocket {
 public:
  /// Listens at `name`, a path or, after '@', a name in no file system; programs that are run while
  /// it lives find it in $NOTIFY_SOCKET.
  explicit NotifySocket(const std::string& name);
  ~NotifySocket();
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  /// The next message; empty where none comes within 20 seconds.
  [[nodiscard]] std::string next() const;

 private:
  Descriptor socket_;
};

}  // namespace syncline::test
