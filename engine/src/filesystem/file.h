// An open regular file, read and written by position so that several workers can share it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/open_file.h"
#include "filesystem/refusal.h"
#include "model/entry.h"
#include "model/metadata.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace syncline::filesystem {

/// Thread-safe but for close(). Every member throws SystemError.
class File final : public OpenFile {
 public:
  explicit File(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  std::size_t read(std::span<std::byte> buffer, std::uint64_t offset) const override;
  std::size_t read_cached(std::span<std::byte> buffer, std::uint64_t offset) const override;
  void read_ahead(std::uint64_t offset, std::uint64_t bytes) const override;
  void write(std::span<const std::byte> bytes, std::uint64_t offset);

  /// Copies `bytes` at `offset` of `from` to the same place here, inside the kernel where it can
  /// (sharing blocks where the file system can). Fails with EIO where `from` is too short.
  void copy_from(const File& from, std::uint64_t offset, std::uint64_t bytes);

  /// As far as the file system can tell (lseek(2), SEEK_DATA).
  [[nodiscard]] std::optional<Extent> data_in(std::uint64_t begin,
                                              std::uint64_t end) const override;

  /// Becomes what `from` is, sharing its blocks. False where the file systems cannot.
  [[nodiscard]] bool clone_from(const File& from);

  /// Cuts it off there, or puts a hole at its end.
  void resize(std::uint64_t bytes);
  /// Reserves room for `bytes`, so that a full disk is known before the copying; does nothing where
  /// the file system cannot.
  void reserve(std::uint64_t bytes);
  /// Starts writing back what was written there, without waiting: keeps the flush at the end short.
  void start_writeback(std::uint64_t offset, std::uint64_t bytes);
  void flush();
  /// Reading comes from the disk again, where the file system has one. To be called after flush().
  void drop_cached() const;

  /// To ask is for the owner and root, and for file systems that know leases (fcntl(2),
  /// F_SETLEASE).
  [[nodiscard]] bool has_no_writer() const override;

  /// Nobody else has it open, in whatever way, or mapped. False where that cannot be told, as
  /// above.
  [[nodiscard]] bool has_no_other_user() const;

  /// What no other mount has had since the machine started; nullopt before Linux 6.8. While it
  /// stands, what was written is either on the disk or still in memory.
  [[nodiscard]] std::optional<std::uint64_t> mount_number() const;

  [[nodiscard]] Entry look() const override;
  [[nodiscard]] Attributes attributes() const override;
  [[nodiscard]] const File* local() const override { return this; }
  /// Each piece by itself.
  Refusal set_metadata(const Entry& want, MetadataChange change,
                       RightsBefore rights = RightsBefore::seen);
  void close() { descriptor_.close(); }
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  Descriptor descriptor_;
};

}  // namespace syncline::filesystem
