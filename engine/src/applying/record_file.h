// Records one behind the other in a file without a name: written once, then read here and there,
// mostly near where the last one was.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::applying {

/// Throws SystemError. Thread-safe once it is written.
class RecordFile {
 public:
  RecordFile();

  /// Returns where it begins.
  std::uint64_t add(std::string_view record);
  /// All was added.
  void finish();

  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t bytes) const;
  [[nodiscard]] std::uint64_t size() const { return written_ + waiting_.size(); }

 private:
  // A hundred steps or so; what is met in one batch of the walk lies in a few of them.
  static constexpr std::size_t block_bytes = std::size_t{1} << 14U;
  static constexpr std::size_t most_blocks = 256;

  struct Block {
    std::uint64_t number = 0;
    std::vector<std::byte> bytes;
  };

  [[nodiscard]] std::shared_ptr<const Block> block(std::uint64_t number) const;

  filesystem::File file_;
  std::string waiting_;
  std::uint64_t written_ = 0;
  mutable std::mutex mutex_;  ///< of `blocks_`
  mutable std::array<std::shared_ptr<const Block>, most_blocks> blocks_;
};

}  // namespace syncline::applying
