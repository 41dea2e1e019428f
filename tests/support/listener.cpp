// SPDX-License-Identifier: MIT
#include "support/listener.h"

#include "support/descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace syncline::test {
namespace {

constexpr int patience_ms = 20'000;

bool is_ready(int pipe) {
  pollfd one{pipe, POLLIN, 0};
  return ::poll(&one, 1, patience_ms) == 1;
}

}  // namespace

Listener::Listener(const std::string& path) {
  checked(::mkfifo(path.c_str(), 0600), "mkfifo " + path);
  pipe_ = checked(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open " + path);
  checked(::fcntl(pipe_, F_SETPIPE_SZ, 4096), "F_SETPIPE_SZ");
}

Listener::~Listener() {
  ::close(pipe_);
}

bool Listener::hears_something() const {
  return is_ready(pipe_);
}

std::string Listener::listen_to_the_end() const {
  std::string said;
  std::array<char, 65536> buffer{};
  while (is_ready(pipe_)) {
    const ssize_t count = ::read(pipe_, buffer.data(), buffer.size());
    if (count <= 0) break;
    said.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return said;
}

}  // namespace syncline::test
