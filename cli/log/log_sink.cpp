// SPDX-License-Identifier: MIT
#include "log/log_sink.h"

#include "outlets/standard_streams.h"
#include "text/escape.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace syncline::cli {
namespace {

/// How much of `text` was written; where it is not all, errno says why.
std::size_t write_all(int descriptor, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(descriptor, text.data() + written, text.size() - written);
    if (n == 0) errno = EIO;  // said by nobody, and not to be asked again for ever
    if (n > 0) {
      written += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {  // standard output may be a pipe that somebody made non-blocking
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  return written;
}

/// Unless somebody emptied the file since, as log rotation may.
bool ends_within_line(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return true;
  char last = '\n';
  return ::pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

LogSink::LogSink(Descriptor log, std::string name) : log_(std::move(log)), name_(std::move(name)) {}

void LogSink::replace(Descriptor log) {
  const std::lock_guard lock(mutex_);
  log_ = std::move(log);
  torn_ = false;
}

std::optional<FileId> LogSink::file() {
  const std::lock_guard lock(mutex_);
  struct stat status {};
  if (::fstat(log_.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileId{status.st_dev, status.st_ino};
}

bool LogSink::has_lost_lines() {
  const std::lock_guard lock(mutex_);
  return ever_lost_;
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  if (lost_ > 0) {
    const std::string text = fmt::format("{} lines of this log were lost before this one", lost_);
    const spdlog::details::log_msg note(message.time, {}, message.logger_name, spdlog::level::warn,
                                        text);
    if (!write(note)) return lose_line(errno);
    lost_ = 0;
  }
  if (!write(message)) lose_line(errno);
}

bool LogSink::write(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  if (torn_ && ends_within_line(log_.get())) line.push_back('\n');
  formatter_->format(message, line);
  const std::size_t written = write_all(log_.get(), {line.data(), line.size()});
  if (written > 0) torn_ = written < line.size();
  return written == line.size();
}

void LogSink::lose_line(int error_number) {
  ever_lost_ = true;
  if (lost_++ > 0) return;
  complain(fmt::format("the log '{}' cannot be written: {}; going on without it", escape(name_),
                       std::strerror(error_number)));
}

}  // namespace syncline::cli
