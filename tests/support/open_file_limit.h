// A process that may have few files open at a time (RLIMIT_NOFILE), for as long as that is wanted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace syncline::test {

/// The soft limit, and as root the hard one too, lest the engine lift it.
class OpenFileLimit {
 public:
  explicit OpenFileLimit(rlim_t files) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit lower{.rlim_cur = files, .rlim_max = ::geteuid() == 0 ? files : before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  OpenFileLimit(const OpenFileLimit&) = delete;
  OpenFileLimit& operator=(const OpenFileLimit&) = delete;
  ~OpenFileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace syncline::test
