// A regular file that is open for reading, wherever it lies: on this machine (file.h), or with
// whoever answers these questions from elsewhere.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/attributes.h"
#include "model/entry.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace syncline::filesystem {

class File;

/// A stretch of a file that is not a hole.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Thread-safe. Every member throws SystemError.
class OpenFile {
 public:
  virtual ~OpenFile() = default;

  /// Fills `buffer` from `offset` on; returns fewer bytes only at the end of the file.
  virtual std::size_t read(std::span<std::byte> buffer, std::uint64_t offset) const = 0;
  /// The same as far as it needs no waiting for a disk: what is not in memory is left out, and so
  /// is everything where that cannot be told.
  virtual std::size_t read_cached(std::span<std::byte> buffer, std::uint64_t offset) const = 0;
  /// Asks for these bytes to be on their way: reading them later waits less.
  virtual void read_ahead(std::uint64_t offset, std::uint64_t bytes) const = 0;

  /// The first data in [`begin`, `end`): not a hole, as far as that can be told. nullopt: there is
  /// none.
  [[nodiscard]] virtual std::optional<Extent> data_in(std::uint64_t begin,
                                                      std::uint64_t end) const = 0;

  /// Nobody has it open for writing, or mapped so. False where that cannot be told.
  [[nodiscard]] virtual bool has_no_writer() const = 0;

  /// What it is by now.
  [[nodiscard]] virtual Entry look() const = 0;
  /// Those that a mirror keeps.
  [[nodiscard]] virtual Attributes attributes() const = 0;

  /// The same file where this kernel has it, for whoever can share its blocks; else nullptr.
  [[nodiscard]] virtual const File* local() const { return nullptr; }

 protected:
  OpenFile() = default;
  OpenFile(const OpenFile&) = default;
  OpenFile(OpenFile&&) = default;
  OpenFile& operator=(const OpenFile&) = default;
  OpenFile& operator=(OpenFile&&) = default;
};

}  // namespace syncline::filesystem
