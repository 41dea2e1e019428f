// SPDX-License-Identifier: MIT
#include "outlets/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace syncline::cli {
namespace {

std::mutex mutex;
bool has_status = false;

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

// It comes back with the next that is shown, so that many lines in a row are not held up by it.
void hide_status() {
  if (!has_status) return;
  write(stderr, "\r\x1b[K");
  has_status = false;
}

bool has_room(int stream) {
  pollfd room{stream, POLLOUT, 0};
  return ::poll(&room, 1, 0) == 1;
}

enum class IfFull : std::uint8_t { wait, lose };

void write_line(std::FILE* stream, std::string_view line, IfFull if_full = IfFull::wait) {
  const std::scoped_lock lock{mutex};
  if (if_full == IfFull::lose && !has_room(::fileno(stream))) return;
  hide_status();
  write(stream, line);
}

}  // namespace

void claim_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest free number is the one that was found closed: those below it are open by now.
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", O_RDWR);
  }
}

void say(std::string_view line) {
  write_line(stdout, fmt::format("{}\n", line));
}

void say_now(std::string_view line) {
  say(line);
  std::fflush(stdout);
}

void complain(std::string_view what) {
  write_line(stderr, fmt::format("syncline: {}\n", what));
}

void complain_if_heard(std::string_view what) {
  write_line(stderr, fmt::format("syncline: {}\n", what), IfFull::lose);
}

void show_status(std::string_view line) {
  const std::scoped_lock lock{mutex};
  if (line.empty()) {
    hide_status();
    return;
  }
  write(stderr, fmt::format("\r{}\x1b[K", line));
  has_status = true;
}

bool flush_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  complain("standard output: not all of it could be written");
  return false;
}

}  // namespace syncline::cli
