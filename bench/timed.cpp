// Runs a program and tells, as a line of JSON, what it took: wall and processor seconds, and the
// peak memory of the largest of its processes, in bytes.
//
// A program of its own, since Linux counts what a process held before execve(2) as its own peak:
// what is started by an interpreter would be at least as large as that.
//
//   bench_timed REPORT PROGRAM [ARGUMENT...]     ends as PROGRAM does
//
// SPDX-License-Identifier: MIT
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "Usage: bench_timed REPORT PROGRAM [ARGUMENT...]\n";
    return 2;
  }
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  pid_t child = 0;
  if (const int error = ::posix_spawnp(&child, argv[2], nullptr, nullptr, argv + 2, environ)) {
    std::cerr << "bench_timed: " << argv[2] << ": " << std::strerror(error)
              << '\n';  // NOLINT(concurrency-mt-unsafe)
    return 127;
  }
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const std::chrono::duration<double> wall = Clock::now() - begin;
  std::ofstream(argv[1]) << "{\"wall\": " << wall.count()
                         << ", \"cpu\": " << seconds(usage.ru_utime) + seconds(usage.ru_stime)
                         << ", \"peak\": " << usage.ru_maxrss * 1024 << "}\n";
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
