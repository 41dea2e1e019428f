// SPDX-License-Identifier: MIT
#include "support/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pty.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace syncline::test {

void Screen::feed(std::string_view bytes) {
  for (const char byte : bytes) {
    if (sequence_.empty() && byte != '\x1b') {
      print(byte);
      continue;
    }
    sequence_ += byte;
    const bool is_over = sequence_.size() > 2 && byte >= '@';
    if (is_over) obey(std::exchange(sequence_, {}));
  }
}

void Screen::print(char byte) {
  std::string& line = lines_.back();
  if (byte == '\n') {
    shown_.push_back(line);
    lines_.emplace_back();
    at_ = 0;
  } else if (byte == '\r') {
    if (!line.empty()) shown_.push_back(line);
    at_ = 0;
  } else {
    // Ours writes a line from its beginning and erases the rest: what is left of an old one shows.
    if (at_ < line.size())
      line[at_] = byte;
    else
      line += byte;
    ++at_;
  }
}

void Screen::obey(std::string_view sequence) {
  if (sequence == "\x1b[K")
    lines_.back().resize(at_);
  else if (sequence.starts_with("\x1b[") && sequence.ends_with('m'))
    has_colours_ = true;
  else
    surprise_ = sequence;
}

bool Screen::has(std::string_view text) const {
  return std::ranges::any_of(
      lines_, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

bool Terminal::is_possible() {
  const Descriptor one(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  return one.get() >= 0;
}

Terminal::Terminal(const std::vector<std::string>& arguments, unsigned columns) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const winsize size{
      .ws_row = 24, .ws_col = static_cast<unsigned short>(columns), .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  pid_ = checked(::forkpty(&terminal, nullptr, nullptr, &size), "forkpty");
  if (pid_ == 0) {
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  terminal_ = Descriptor(terminal);
}

Terminal::~Terminal() {
  if (reaped_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Terminal::read_some() {
  pollfd ready{terminal_.get(), POLLIN, 0};
  constexpr int limit_ms = 20'000;
  if (::poll(&ready, 1, limit_ms) <= 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(terminal_.get(), bytes.data(), bytes.size());
  if (count <= 0) return false;  // EIO: nobody has the other end open any more
  screen_.feed({bytes.data(), static_cast<std::size_t>(count)});
  return true;
}

bool Terminal::until(const std::function<bool(const Screen&)>& happened) {
  while (!happened(screen_))
    if (!read_some()) return false;
  return true;
}

std::optional<int> Terminal::wait() {
  while (read_some()) {
  }
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_ && ::waitpid(pid_, &status, 0) != pid_)
    return std::nullopt;
  reaped_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Terminal::type(char key) const {
  checked(::write(terminal_.get(), &key, 1), "write");
}

}  // namespace syncline::test
