// Which chunks of a file are more than a hole. Of these alone anything is kept in memory: a hole of
// 1 PiB is 134 million chunks, and costs whoever makes it nothing.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace syncline::engine {

class DataChunks {
 public:
  DataChunks() = default;
  /// All of so many.
  explicit DataChunks(std::uint32_t count) : count_(count) {}
  /// `data` of so many, in order.
  DataChunks(std::uint32_t count, std::vector<std::uint32_t> data)
      : count_(count), is_all_(data.size() == count), data_(std::move(data)) {
    if (is_all_) data_ = {};
  }

  /// Of the file.
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool is_all() const { return is_all_; }

  /// How many they are, and the one that has that place among them.
  [[nodiscard]] std::size_t size() const { return is_all_ ? count_ : data_.size(); }
  [[nodiscard]] std::uint32_t operator[](std::size_t place) const {
    return is_all_ ? static_cast<std::uint32_t>(place) : data_[place];
  }
  /// The place of one that is among them.
  [[nodiscard]] std::size_t place_of(std::uint32_t chunk) const {
    if (is_all_) return chunk;
    return static_cast<std::size_t>(std::ranges::lower_bound(data_, chunk) - data_.begin());
  }

 private:
  std::uint32_t count_ = 0;
  bool is_all_ = true;
  std::vector<std::uint32_t> data_;  ///< empty where it is all
};

}  // namespace syncline::engine
