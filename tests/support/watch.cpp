// SPDX-License-Identifier: MIT
#include "support/watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace syncline::test {

Watch::Watch(const std::string& folder) : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  constexpr unsigned changes = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVE;
  if (::inotify_add_watch(inotify_, folder.c_str(), changes) < 0) {
    throw std::system_error(errno, std::generic_category(), "inotify_add_watch " + folder);
  }
}

Watch::~Watch() {
  ::close(inotify_);
}

bool Watch::until(const std::function<bool()>& happened, std::chrono::milliseconds limit) const {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + limit;
  while (!happened()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd change{inotify_, POLLIN, 0};
    ::poll(&change, 1, static_cast<int>(left.count()));
    std::array<char, 4096> events{};
    while (::read(inotify_, events.data(), events.size()) > 0) {
    }
  }
  return true;
}

}  // namespace syncline::test
