// SPDX-License-Identifier: MIT
#include "standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace syncline::cli {
namespace {

void write_line(std::FILE* stream, std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stream);
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

void complain(std::string_view what) {
  write_line(stderr, fmt::format("syncline: {}\n", what));
}

bool flush_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  complain("standard output: not all of it could be written");
  return false;
}

}  // namespace syncline::cli
