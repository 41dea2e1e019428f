// The bytes of a plan as they are read: by stretches, and decompressed where they have to be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"
#include "plan/zstd.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::planning {

/// For one thread. Members throw SystemError, and NotZstd.
class PlanBytes {
 public:
  /// `file`: must outlive it.
  explicit PlanBytes(const filesystem::File& file);

  /// The next line, without its line feed; valid until the next call. nullopt: no whole line is
  /// left, or one is longer than lines may be.
  std::optional<std::string_view> next_line();
  [[nodiscard]] bool has_more();
  /// As far as can be told once nothing more comes.
  [[nodiscard]] bool is_whole() const { return !decompressor_ || decompressor_->is_whole(); }

 private:
  bool fill();

  const filesystem::File& file_;
  std::uint64_t offset_ = 0;
  std::vector<std::byte> read_;
  std::span<const std::byte> unpacked_;  ///< of what was read: what is still to be decompressed
  std::optional<Decompressor> decompressor_;
  bool may_hold_back_ = false;  ///< it could have given more than there was room for
  std::string text_;
  std::size_t done_ = 0;  ///< of `text_`
};

/// Whether the first line of `file` is that of a plan, of whatever schema. Throws SystemError.
bool begins_as_plan(const filesystem::File& file, std::uint64_t size);

}  // namespace syncline::planning
