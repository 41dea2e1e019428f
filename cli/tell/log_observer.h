// Everything that happens, as lines of the log.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/folder_counts.h"
#include "tell/gone.h"
#include "tell/pass_observer.h"

#include <spdlog/logger.h>

#include <cstdint>
#include <optional>
#include <string>

namespace syncline::cli {

/// How much of what was done is told. What failed always is.
enum class LogDetail : std::uint8_t {
  all,      ///< each action
  folder,   ///< counts for each folder
  summary,  ///< how each pass ended
};

/// In a loop a pass that found nothing to do has one short line, the first one excepted.
class LogObserver final : public PassObserver {
 public:
  LogObserver(spdlog::logger& log, LogDetail detail, bool is_loop)
      : log_(log), detail_(detail), is_loop_(is_loop) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(Status, const Refusal& why) override;

 private:
  void tell(const Action& action);
  void tell(const Failure& failure);
  void tell(const Proof& proof);
  void tell(const Notice& notice);
  void tell_folders();
  void tell_begin();

  /// A line that waits for something to follow it.
  struct Begin {
    spdlog::log_clock::time_point at;
    std::string line;
  };

  spdlog::logger& log_;
  const LogDetail detail_;
  const bool is_loop_;
  std::optional<Begin> begin_;
  Gone gone_;
  FolderCounts folders_;
  std::uint64_t pass_ = 0;
  bool dry_run_ = false;
  bool keeps_ = false;  ///< Options::undo
};

}  // namespace syncline::cli
