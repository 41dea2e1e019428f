// SPDX-License-Identifier: MIT
#include "support/notify_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstdlib>

namespace syncline::test {

NotifySocket::NotifySocket(const std::string& name)
    : socket_(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  checked(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length),
          "bind " + name);
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
}

NotifySocket::~NotifySocket() {
  ::unsetenv("NOTIFY_SOCKET");
}

std::string NotifySocket::next() const {
  constexpr int patience_ms = 20'000;
  pollfd one{socket_.get(), POLLIN, 0};
  if (::poll(&one, 1, patience_ms) != 1) return {};
  std::array<char, 65536> message{};
  const ssize_t length = ::recv(socket_.get(), message.data(), message.size(), 0);
  return {message.data(), static_cast<std::size_t>(checked(length, "recv"))};
}

}  // namespace syncline::test
