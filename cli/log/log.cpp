// SPDX-License-Identifier: MIT
#include "log/log.h"

#include "log/log_format.h"
#include "text/escape.h"

#include <fcntl.h>
#include <unistd.h>

#include <spdlog/pattern_formatter.h>

#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

namespace syncline::cli {

Log Log::in_file(LogPlace place) {
  Descriptor log = open_log(place);
  std::string name = place.path;
  return {std::move(log), std::move(name), std::move(place)};
}

Log Log::on_stream(int stream) {
  Descriptor copy(::fcntl(stream, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw std::system_error(errno, std::generic_category(), "standard output");
  return {std::move(copy), stream == STDOUT_FILENO ? "standard output" : "standard error", {}};
}

Log::Log(Descriptor log, std::string name, std::optional<LogPlace> place)
    : place_(std::move(place)),
      sink_(std::make_shared<LogSink>(std::move(log), std::move(name))),
      logger_(std::make_unique<spdlog::logger>("syncline", sink_)) {
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(log_pattern));
}

void Log::reopen() noexcept {
  if (!place_) return;
  try {
    sink_->replace(open_log(*place_));
    logger_->info("log reopened");
  } catch (const std::exception& error) {
    logger_->error("log not reopened, going on in this file: {}", one_line(error.what()));
  }
}

std::vector<FileId> Log::own_files() const {
  const std::optional<FileId> file = sink_->file();
  return file ? std::vector{*file} : std::vector<FileId>{};
}

}  // namespace syncline::cli
