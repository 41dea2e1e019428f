// Everything that happens, as lines of the log.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "folder_counts.h"
#include "observers/pass_observer.h"

#include <spdlog/logger.h>

#include <cstdint>

namespace syncline::cli {

/// How much of what was done is told. What failed always is.
enum class LogDetail : std::uint8_t {
  all,      ///< each action
  folder,   ///< counts for each folder
  summary,  ///< how each pass ended
};

class LogObserver final : public PassObserver {
 public:
  LogObserver(spdlog::logger& log, LogDetail detail) : log_(log), detail_(detail) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(Status, std::string_view why) override;

 private:
  void tell(const Action& action);
  void tell(const Failure& failure);
  void tell(const Proof& proof);
  void tell(const Notice& notice);
  void tell_folders();

  spdlog::logger& log_;
  const LogDetail detail_;
  FolderCounts folders_;
  std::uint64_t pass_ = 0;
  bool dry_run_ = false;
};

}  // namespace syncline::cli
