// The file that a plan is written to: it appears once all of it is there, in place of a plan that
// was there before, and of nothing else.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/atomic_file.h"
#include "filesystem/directory.h"
#include "plan/zstd.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::planning {

/// For one thread. Every member throws Unusable. Nothing is left of it unless finish() returned.
class PlanFile {
 public:
  /// Compressed if `path` ends in ".zst".
  explicit PlanFile(std::string path);

  /// The folder that it comes to lie in.
  [[nodiscard]] const filesystem::Directory& folder() const { return *folder_; }

  void write(std::string_view bytes);
  /// All that was written is on the disk when it returns.
  void finish();

 private:
  void require_room();
  void put(std::span<const std::byte> bytes);
  void put_out();

  const std::string path_;
  std::string name_;
  std::shared_ptr<const filesystem::Directory> folder_;
  std::optional<Compressor> compressor_;
  std::optional<filesystem::AtomicFile> file_;
  std::vector<std::byte> waiting_;  ///< as it comes to stand in the file
  std::uint64_t written_ = 0;
};

}  // namespace syncline::planning
