// The seeded trees as a program: made, changed, and compared with their mirrors.
//
// SPDX-License-Identifier: MIT
#include "trees.h"

#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace syncline::bench {
namespace {

constexpr const char* usage = R"(Usage:
  bench_tree make SHAPE ROOT SIZE      SIZE: files, or bytes of photos and media
  bench_tree change-files ROOT ROUND   one in a hundred; tells which
  bench_tree change-chunk ROOT ROUND   of the largest file
  bench_tree rename ROOT               the first folder
  bench_tree compare everything|files|content ROOT COPY
                                       tells the first difference; "files": not in the metadata
                                       of folders; "content": only in kinds and bytes
)";

Compared compared(const std::string& word) {
  if (word == "everything") return Compared::everything;
  if (word == "files") return Compared::files;
  if (word == "content") return Compared::content;
  throw std::invalid_argument("what is " + word + '?');
}

/// The exit status.
int run(const std::vector<std::string>& words) {
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "make" && words.size() == 4) {
    shape_of(words[1]).make(words[2], std::stoull(words[3]));
  } else if (verb == "change-files" && words.size() == 3) {
    for (const fs::path& path : change_one_percent(words[1], std::stoull(words[2])))
      std::cout << path.string() << '\n';
  } else if (verb == "change-chunk" && words.size() == 3) {
    change_one_chunk(words[1], std::stoull(words[2]));
  } else if (verb == "rename" && words.size() == 2) {
    rename_a_folder(words[1]);
  } else if (verb == "compare" && words.size() == 4) {
    const std::string difference = first_difference(words[2], words[3], compared(words[1]));
    if (difference.empty()) return 0;
    std::cout << difference << '\n';
    return 1;
  } else {
    std::cerr << usage;
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  try {
    return syncline::bench::run({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    std::cerr << "bench_tree: " << problem.what() << '\n';
    return 2;
  }
}
