// SPDX-License-Identifier: MIT
#include "support/stranger.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <grp.h>

#include <array>
#include <csignal>
#include <cstring>

namespace syncline::test {
namespace {

/// A message of one byte with room for a descriptor beside it (unix(7), SCM_RIGHTS).
class Envelope {
 public:
  Envelope() {
    message_.msg_iov = &words_;
    message_.msg_iovlen = 1;
    message_.msg_control = space_.data();
    message_.msg_controllen = space_.size();
  }
  Envelope(const Envelope&) = delete;
  Envelope& operator=(const Envelope&) = delete;

  [[nodiscard]] msghdr& message() { return message_; }

 private:
  std::array<char, CMSG_SPACE(sizeof(int))> space_{};
  char word_ = 0;
  iovec words_{.iov_base = &word_, .iov_len = 1};
  msghdr message_{};
};

int received_from(int socket) {
  Envelope envelope;
  if (::recvmsg(socket, &envelope.message(), MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 1) return -1;
  const cmsghdr* const header = CMSG_FIRSTHDR(&envelope.message());
  int fd = -1;
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS)
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

}  // namespace

void send_over(int socket, int fd) {
  Envelope envelope;
  cmsghdr* const header = CMSG_FIRSTHDR(&envelope.message());
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  checked(::sendmsg(socket, &envelope.message(), 0), "sendmsg");
}

bool become_a_stranger() {
  // Changed ids take the capabilities along; ids that are all his own give no way back.
  return ::setgroups(0, nullptr) == 0 && ::setresgid(stranger_id, stranger_id, stranger_id) == 0 &&
         ::setresuid(stranger_id, stranger_id, stranger_id) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool may_be_a_stranger() {
  return ::geteuid() == 0 && as_stranger([] { return true; });
}

bool as_stranger(const std::function<bool()>& deed) {
  const pid_t child = checked(::fork(), "fork");
  if (child == 0) {
    bool is_done = false;
    try {
      is_done = become_a_stranger() && deed();
    } catch (...) {
      // What he could not do.
    }
    ::_exit(is_done ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) checked(-1, "waitpid");
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Waiting::Waiting(const std::function<bool()>& deed) {
  std::array<int, 2> pair{};
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), "socketpair");
  end_ = Descriptor{pair[0]};
  const Descriptor his{pair[1]};
  child_ = checked(::fork(), "fork");
  char word = 0;
  if (child_ == 0) {
    end_ = Descriptor{-1};
    try {
      word = deed() ? 1 : 0;
    } catch (...) {
      // What could not be done.
    }
    static_cast<void>(::write(his.get(), &word, 1));
    static_cast<void>(::read(his.get(), &word, 1));
    ::_exit(0);
  }
  is_ready_ = ::read(end_.get(), &word, 1) == 1 && word == 1;
}

Waiting::~Waiting() {
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) continue;
}

Descriptor opened_by_stranger(const std::string& path, int flags) {
  std::array<int, 2> pair{};
  checked(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair.data()), "socketpair");
  const Descriptor ours{pair[0]};
  const Descriptor his{pair[1]};
  const bool is_open = as_stranger([&] {
    const Descriptor held{checked(::open(path.c_str(), flags | O_CLOEXEC, 0666), path)};
    send_over(his.get(), held.get());
    return true;
  });
  return Descriptor{is_open ? received_from(ours.get()) : -1};
}

std::string read_through(const Descriptor& held) {
  std::string content;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got =
        ::pread(held.get(), buffer.data(), buffer.size(), static_cast<off_t>(content.size()));
    if (got <= 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

bool may_write_through(const Descriptor& held) {
  const int flags = ::fcntl(held.get(), F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace syncline::test
