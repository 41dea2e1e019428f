// SPDX-License-Identifier: MIT
#include "outlets/terminal.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace syncline::cli {
namespace {

bool is_dumb() {
  const char* const kind = std::getenv("TERM");
  return kind == nullptr || std::string_view(kind).empty() || std::string_view(kind) == "dumb";
}

bool is_pipe(int stream) {
  struct stat status {};
  return ::fstat(stream, &status) == 0 && S_ISFIFO(status.st_mode);
}

}  // namespace

bool has_live_terminal() {
  return ::isatty(STDERR_FILENO) == 1 && !is_dumb() && !is_pipe(STDOUT_FILENO);
}

bool wants_colours(int stream) {
  const char* const no_color = std::getenv("NO_COLOR");
  const bool is_refused = no_color != nullptr && *no_color != '\0';
  return !is_refused && ::isatty(stream) == 1 && !is_dumb();
}

std::optional<std::size_t> columns_to_draw_in() {
  const pid_t foreground = ::tcgetpgrp(STDERR_FILENO);
  // It fails where this is not the terminal that the run belongs to.
  if (foreground > 0 && foreground != ::getpgrp()) return std::nullopt;
  constexpr std::size_t usual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

}  // namespace syncline::cli
