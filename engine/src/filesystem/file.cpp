// SPDX-License-Identifier: MIT
#include "filesystem/file.h"

#include "filesystem/attributes.h"
#include "filesystem/status.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

namespace syncline::filesystem {
namespace {

off_t to_offset(std::uint64_t value) {
  return static_cast<off_t>(value);
}

bool means_not_supported(int error_number) {
  return error_number == EXDEV || error_number == EINVAL || error_number == EOPNOTSUPP ||
         error_number == ENOSYS || error_number == EBADF || error_number == ETXTBSY;
}

// F_RDLCK: nobody has it open for writing; F_WRLCK: nobody else has it open at all (fcntl(2)).
bool takes_lease(int fd, int kind) {
  static_cast<void>(syscalls::fcntl(fd, F_SETSIG, SIGURG));
  if (syscalls::fcntl(fd, F_SETLEASE, kind) != 0) return false;
  static_cast<void>(syscalls::fcntl(fd, F_SETLEASE, F_UNLCK));
  return true;
}

}  // namespace

std::size_t File::read(std::span<std::byte> buffer, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const auto rest = buffer.subspan(done);
    const ssize_t count =
        syscalls::pread(descriptor_.get(), rest.data(), rest.size(), to_offset(offset + done));
    if (count < 0) throw_errno("read");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t File::read_cached(std::span<std::byte> buffer, std::uint64_t offset) const {
  const ssize_t count =
      syscalls::pread_cached(descriptor_.get(), buffer.data(), buffer.size(), to_offset(offset));
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || means_not_supported(errno)) return 0;
  throw_errno("read");
}

void File::read_ahead(std::uint64_t offset, std::uint64_t bytes) const {
  // Advice: what cannot be read is told by the reading.
  static_cast<void>(syscalls::fadvise(descriptor_.get(), to_offset(offset), to_offset(bytes),
                                      POSIX_FADV_WILLNEED));
}

void File::write(std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count =
        syscalls::pwrite(descriptor_.get(), bytes.data(), bytes.size(), to_offset(offset));
    if (count < 0) throw_errno("write");
    if (count == 0) throw SystemError("write", "", EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void File::copy_from(const File& from, std::uint64_t offset, std::uint64_t bytes) {
  while (bytes > 0) {
    off_t from_offset = to_offset(offset);
    off_t here_offset = from_offset;
    const ssize_t count = syscalls::copy_file_range(from.descriptor_.get(), &from_offset,
                                                    descriptor_.get(), &here_offset, bytes);
    if (count < 0 && !means_not_supported(errno)) throw_errno("copy within the destination");
    if (count == 0) throw SystemError("copy within the destination", "", EIO);
    std::uint64_t copied = 0;
    if (count > 0) {
      copied = static_cast<std::uint64_t>(count);
    } else {
      constexpr std::uint64_t slice_bytes = 1U << 20U;
      std::vector<std::byte> slice(std::min(bytes, slice_bytes));
      copied = from.read(slice, offset);
      if (copied == 0) throw SystemError("copy within the destination", "", EIO);
      write(std::span(slice).first(copied), offset);
    }
    offset += copied;
    bytes -= copied;
  }
}

std::optional<Extent> File::data_in(std::uint64_t begin, std::uint64_t end) const {
  const off_t data = syscalls::lseek(descriptor_.get(), to_offset(begin), SEEK_DATA);
  if (data < 0) {
    if (errno == ENXIO) return std::nullopt;  // nothing but a hole from there on
    if (means_not_supported(errno)) return Extent{begin, end};
    throw_errno("look for holes in");
  }
  const auto from = static_cast<std::uint64_t>(data);
  if (from >= end) return std::nullopt;
  const off_t hole = syscalls::lseek(descriptor_.get(), data, SEEK_HOLE);
  if (hole < 0) throw_errno("look for holes in");
  return Extent{from, std::min(end, static_cast<std::uint64_t>(hole))};
}

bool File::clone_from(const File& from) {
  if (syscalls::clone(from.descriptor_.get(), descriptor_.get()) == 0) return true;
  if (means_not_supported(errno) || errno == ENOTTY || errno == EPERM) return false;
  throw_errno("share the blocks of its old content with");
}

void File::resize(std::uint64_t bytes) {
  if (syscalls::ftruncate(descriptor_.get(), to_offset(bytes)) != 0) throw_errno("set the size of");
}

void File::reserve(std::uint64_t bytes) {
  if (syscalls::fallocate(descriptor_.get(), 0, 0, to_offset(bytes)) == 0) return;
  if (!means_not_supported(errno)) throw_errno("reserve room for");
}

void File::start_writeback(std::uint64_t offset, std::uint64_t bytes) {
  // Advice: an error of the disk is reported by the flush.
  static_cast<void>(syscalls::sync_file_range(descriptor_.get(), to_offset(offset),
                                              to_offset(bytes), SYNC_FILE_RANGE_WRITE));
}

void File::flush() {
  if (syscalls::fsync(descriptor_.get()) != 0) throw_errno("flush");
}

void File::drop_cached() const {
  static_cast<void>(syscalls::fadvise(descriptor_.get(), 0, 0, POSIX_FADV_DONTNEED));
}

// A read lease is granted only then. It is given back at once: whoever opens the file for writing
// in between waits for no longer than that, and the signal that tells us is one that nobody minds.
bool File::has_no_writer() const {
  return takes_lease(descriptor_.get(), F_RDLCK);
}

bool File::has_no_other_user() const {
  return takes_lease(descriptor_.get(), F_WRLCK);
}

std::optional<std::uint64_t> File::mount_number() const {
  return mount_number_of(descriptor_.get());
}

Entry File::look() const {
  return look_at(descriptor_.get());
}

Attributes File::attributes() const {
  return attributes_of(descriptor_.get());
}

Refusal File::set_metadata(const Entry& want, MetadataChange change, RightsBefore rights) {
  return set_metadata_on(descriptor_.get(), false, want, change, rights);
}

}  // namespace syncline::filesystem
