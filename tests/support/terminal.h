// A program run on a terminal of its own, and what a person would see there: enough of one for
// what ours prints, of any width.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/descriptor.h"

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {

/// What was printed, as lines; the last one is where the cursor is. Each byte takes a column.
class Screen {
 public:
  void feed(std::string_view bytes);

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::string& last() const { return lines_.back(); }
  [[nodiscard]] bool has(std::string_view text) const;
  /// It has had another sequence than a line's erasure, or a colour.
  [[nodiscard]] const std::string& surprise() const { return surprise_; }
  [[nodiscard]] bool has_colours() const { return has_colours_; }
  /// All that was ever the last line, oldest first.
  [[nodiscard]] const std::vector<std::string>& shown() const { return shown_; }

 private:
  void print(char byte);
  void obey(std::string_view sequence);

  std::vector<std::string> lines_{""};
  std::vector<std::string> shown_;
  std::size_t at_ = 0;  ///< the cursor's column
  std::string sequence_;
  std::string surprise_;
  bool has_colours_ = false;
};

class Terminal {
 public:
  /// Not in a sandbox that has no pseudo-terminals.
  static bool is_possible();

  /// arguments[0] is the program's path.
  Terminal(const std::vector<std::string>& arguments, unsigned columns);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Reads on until `happened`; false where the program ends, or is silent for 20 s, before that.
  bool until(const std::function<bool(const Screen&)>& happened);
  /// Reads to the end; nothing where that does not come.
  std::optional<int> wait();
  void type(char key) const;
  [[nodiscard]] const Screen& screen() const { return screen_; }

 private:
  bool read_some();

  Descriptor terminal_{-1};
  pid_t pid_ = -1;
  bool reaped_ = false;
  Screen screen_;
};

}  // namespace syncline::test
