// Of trouble of one kind the first hundred are told, and the rest are counted: a tree that others
// write to can hold a million files that all fail for the same reason.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

/// Of one pass.
class Repeats {
 public:
  /// Whether a line is to be spent on it. Those are of one kind that have the same code, errno,
  /// operation and cause. What is quoted in the last two, and numbers, are of the single case.
  bool deserves_line(const Failure& failure);
  bool deserves_line(const Notice& notice);

  /// "and 12,345 more such: could not open for reading: Permission denied", for each kind.
  [[nodiscard]] std::vector<std::string> rest() const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    std::string words;  ///< of the first
  };
  bool deserves_line(const std::string& kind, std::string_view words);

  std::map<std::string, Kind> kinds_;
};

}  // namespace syncline::cli
