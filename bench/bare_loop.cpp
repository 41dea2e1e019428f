// One bare loop as a program, to be timed beside the programs that do the work.
//
// SPDX-License-Identifier: MIT
#include "bare.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

namespace syncline::bench {
namespace {

namespace fs = std::filesystem;

/// The least that a copy which is to outlive a power cut has to wait for.
void flush(const fs::path& root) {
  const int fd = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || ::syncfs(fd) != 0)
    throw std::system_error(errno, std::generic_category(), "syncfs " + root.string());
  ::close(fd);
}

bool run(const std::string& loop, const fs::path& source, const fs::path& copy, unsigned threads) {
  if (loop == "walk") {
    walk_both(source, copy, threads);
  } else if (loop == "read") {
    read_both(source, copy, threads);
  } else if (loop == "copy") {
    copy_bare(source, copy, threads);
  } else if (loop == "copy-and-flush") {
    copy_bare(source, copy, threads);
    flush(copy);
  } else {
    return false;
  }
  return true;
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  try {
    if (argc == 5 &&
        syncline::bench::run(argv[1], argv[2], argv[3], static_cast<unsigned>(std::stoul(argv[4]))))
      return 0;
    std::cerr << "Usage: bench_bare walk|read|copy|copy-and-flush SOURCE DESTINATION THREADS\n";
  } catch (const std::exception& problem) {
    std::cerr << "bench_bare: " << problem.what() << '\n';
  }
  return 1;
}
