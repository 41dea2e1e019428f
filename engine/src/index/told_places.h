// Where what a pass only tells of moving would be, in a temporary SQLite file that spills to disk
// and vanishes with the process: a reorganised tree has millions of such places.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/sqlite.h"
#include "model/entry.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::index {

/// What a name would stand for.
struct ToldPlace {
  std::string name;
  std::optional<std::string> path;  ///< where that is, below the root; none: nowhere any more
};

/// Thread-safe. Every member throws SqliteError.
class ToldPlaces {
 public:
  ToldPlaces();

  /// Nothing is told yet. Never waits.
  [[nodiscard]] bool empty() const { return is_empty_; }
  void put(FileId folder, const ToldPlace& place);
  /// nullopt: nothing was told of that name.
  [[nodiscard]] std::optional<ToldPlace> find(FileId folder, const std::string& name);
  [[nodiscard]] std::vector<ToldPlace> in(FileId folder);

 private:
  std::atomic<bool> is_empty_{true};
  std::mutex mutex_;  // for all that follows
  Connection connection_;
  Statement put_;
  Statement find_;
  Statement in_;
};

}  // namespace syncline::index
