// Reads what a program says through a pipe so narrow that the program cannot run ahead: as long as
// nobody listens, it is in the middle of its work.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::test {

class Listener {
 public:
  /// A named pipe at `path`, to be opened by one writer.
  explicit Listener(const std::string& path);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  /// Until something was said; false where that takes 20 seconds. Nothing is read.
  [[nodiscard]] bool hears_something() const;
  /// All that is said up to the writer's end.
  std::string listen_to_the_end() const;

 private:
  int pipe_;
};

}  // namespace syncline::test
