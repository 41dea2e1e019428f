// Waiting for something to happen in a folder, woken by the kernel and not by the clock.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace syncline::test {

class Watch {
 public:
  /// Watches the entries of `folder` itself, not of those below it.
  explicit Watch(const std::string& folder);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Asks `happened` now and after each change in the folder. False where the answer stays no for
  /// `limit`.
  bool until(const std::function<bool()>& happened,
             std::chrono::milliseconds limit = std::chrono::seconds(20)) const;

 private:
  int inotify_;
};

}  // namespace syncline::test
