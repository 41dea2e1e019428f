// Which rights a folder gives while a pass works in it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace syncline::test {

/// Which rights a folder gave to whom at all calls of a pass while it held a secret.
class RightsWatch : public filesystem::syscalls::Hook {
 public:
  explicit RightsWatch(std::string folder) : folder_(std::move(folder)) {
    filesystem::syscalls::install(this);
  }
  RightsWatch(const RightsWatch&) = delete;
  RightsWatch& operator=(const RightsWatch&) = delete;
  ~RightsWatch() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call /*call*/) override {
    struct stat status {};
    if (::stat((folder_ + "/secret").c_str(), &status) != 0) return 0;
    if (::stat(folder_.c_str(), &status) != 0) return 0;
    some_ |= status.st_mode & 0777;
    all_ &= status.st_mode & 0777;
    return 0;
  }
  /// At some moment, at every moment.
  [[nodiscard]] std::uint32_t some() const { return some_; }
  [[nodiscard]] std::uint32_t all() const { return all_; }

 private:
  const std::string folder_;
  std::atomic<std::uint32_t> some_{0};
  std::atomic<std::uint32_t> all_{0777};
};

}  // namespace syncline::test
