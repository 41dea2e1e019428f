// Sole owner of one file descriptor.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

namespace syncline::filesystem {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  /// Gives it away: from here on it is the caller's to close.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  /// Closes, ignoring failure: for descriptors that were only read from.
  void reset();
  /// Closes; the failure of a close can be the only word of a failed write. Throws SystemError.
  void close();

 private:
  int fd_ = -1;
};

}  // namespace syncline::filesystem
