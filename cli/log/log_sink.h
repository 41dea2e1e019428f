// Where log lines end up: a descriptor of ours, one write a line.
//
// A log that cannot be written, on a full disk for one, must not end the run that it speaks of. It
// is said once on standard error; the lines that follow are counted, and the first that can be
// written again is preceded by their number. Nothing is buffered: what happened before a crash is
// what the log is read for.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "outlets/descriptor.h"

#include "syncline/options.h"

#include <spdlog/sinks/base_sink.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::cli {

class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `name` is what people know the log by.
  LogSink(Descriptor log, std::string name);

  /// Lines go to `log` from here on.
  void replace(Descriptor log);

  /// What is written to, where that is a regular file.
  [[nodiscard]] std::optional<FileId> file();

  /// Whether a line was ever lost.
  [[nodiscard]] bool has_lost_lines();

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  bool write(const spdlog::details::log_msg& message);
  void lose_line(int error_number);

  Descriptor log_;
  std::string name_;
  std::uint64_t lost_ = 0;
  bool ever_lost_ = false;
  bool torn_ = false;  ///< the last line was written in part
};

}  // namespace syncline::cli
