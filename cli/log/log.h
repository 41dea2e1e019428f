// The log of a run: a logger, and the file behind it that can be exchanged while it is written to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "log/log_file.h"
#include "log/log_sink.h"

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncline::cli {

class Log {
 public:
  /// Throws Unusable where `place` cannot be a log.
  static Log in_file(LogPlace place);
  /// `stream` is STDOUT_FILENO or STDERR_FILENO.
  static Log on_stream(int stream);

  [[nodiscard]] spdlog::logger& logger() const { return *logger_; }

  /// Opens the path anew, as log rotation wants it once the file was renamed. Where that fails the
  /// old file stays, and tells why. May be called from any thread. A stream stays what it is.
  void reopen() noexcept;

  /// The file that is being written to, if it is one: the walk has to leave it alone where it meets
  /// it.
  [[nodiscard]] std::vector<FileId> own_files() const;

  [[nodiscard]] bool has_lost_lines() const { return sink_->has_lost_lines(); }

 private:
  Log(Descriptor log, std::string name, std::optional<LogPlace> place);

  std::optional<LogPlace> place_;
  std::shared_ptr<LogSink> sink_;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace syncline::cli
