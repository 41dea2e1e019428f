// The names in a folder, sorted bytewise, without "." and "..". One arena holds them all: a folder
// of two million entries costs two allocations, and no longer lives than its steps.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace syncline::filesystem {

/// What the file system says of an entry along with its name; not every one does.
enum class EntryType : std::uint8_t { unknown, folder, other };

class Listing {
 public:
  [[nodiscard]] std::size_t size() const { return starts_.size(); }
  /// NUL-terminated in memory: data() serves as a C string.
  [[nodiscard]] std::string_view operator[](std::size_t index) const;

  /// Sorted.
  [[nodiscard]] bool contains(std::string_view name) const;

  void add(const char* name, EntryType type = EntryType::unknown);
  void sort();
  template <typename Predicate>
  void remove_if(Predicate is_unwanted) {
    std::erase_if(starts_, [&](std::size_t start) {
      return is_unwanted(std::string_view{arena_.data() + start});
    });
  }
  /// `is_unwanted` is also told what the entry is.
  template <typename Predicate>
  void remove_entries_if(Predicate is_unwanted) {
    std::erase_if(starts_, [&](std::size_t start) {
      return is_unwanted(std::string_view{arena_.data() + start},
                         static_cast<EntryType>(arena_[start - 1]));
    });
  }
  void remove(std::string_view name);

 private:
  std::vector<char> arena_;  ///< for each entry what it is, its name, a zero
  std::vector<std::size_t> starts_;
};

}  // namespace syncline::filesystem
