// The names in a folder, sorted bytewise, without "." and "..". One arena holds them all: a folder
// of two million entries costs two allocations, and no longer lives than its emission.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace syncline::filesystem {

class Listing {
 public:
  [[nodiscard]] std::size_t size() const { return starts_.size(); }
  /// NUL-terminated in memory: data() serves as a C string.
  [[nodiscard]] std::string_view operator[](std::size_t index) const;

  void add(const char* name);
  void sort();
  void remove(std::string_view name);

 private:
  std::vector<char> arena_;
  std::vector<std::size_t> starts_;
};

}  // namespace syncline::filesystem
