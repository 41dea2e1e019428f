// SPDX-License-Identifier: MIT
#include "support/forged_journal.h"

#include "filesystem/directory.h"
#include "filesystem/own_names.h"
#include "filesystem/process.h"
#include "md5/md5.h"
#include "support/tree.h"

#include "syncline/digest.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <span>

namespace syncline::test {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t lease_place = 512;

struct Owner {
  std::array<char, 8> magic{'S', 'y', 'n', 'l', 'P', 'a', 'r', '2'};
  std::uint64_t copy_inode = 0;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t device = 0;
  std::uint64_t name_bytes = 0;
  std::array<char, 256> name{};
};

struct Lease {
  std::array<char, 40> boot{};
  std::uint64_t mount = 0;
  std::int64_t until_ns = INT64_MAX;
  std::uint64_t epoch = 7;
};

struct Mark {
  Md5 md5{};
  std::array<std::byte, 16> content{};
  std::uint32_t bytes = 0;
  std::uint32_t epoch = 7;
  std::array<std::byte, 24> rest{};
};

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status;
}

std::int64_t ns_of(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

template <typename Record>
void put_at(std::string& bytes, std::size_t place, const Record& record) {
  const auto view = std::as_bytes(std::span(&record, 1));
  std::ranges::transform(view, bytes.begin() + static_cast<std::ptrdiff_t>(place),
                         [](std::byte byte) { return static_cast<char>(byte); });
}

std::size_t to_page(std::size_t bytes) {
  return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

Owner owner_of(const std::string& path, const std::string& source) {
  const struct stat of = status_of(source);
  const std::string name = name_of(source);
  Owner owner;
  owner.copy_inode = status_of(path).st_ino;
  owner.size = static_cast<std::uint64_t>(of.st_size);
  owner.inode = of.st_ino;
  owner.mtime_ns = ns_of(of.st_mtim);
  owner.ctime_ns = ns_of(of.st_ctim);
  owner.device = of.st_dev;
  owner.name_bytes = name.size();
  std::ranges::copy(name, owner.name.begin());
  return owner;
}

Lease lease_of(const std::string& path) {
  Lease lease;
  std::ranges::copy(filesystem::boot_id(), lease.boot.begin());
  const auto folder = filesystem::Directory::open_root(parent_of(path));
  lease.mount = folder.open_file(name_of(path)).mount_number().value_or(0);
  return lease;
}

}  // namespace

std::string partial_name_of(const std::string& name) {
  const Md5 md5 = md5::of(bytes_of(name));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i)
    number |= std::to_integer<std::uint64_t>(md5[i]) << (8 * i);
  return filesystem::partial_name(number);
}

void forge_copy(const std::string& path, const std::string& content, const std::string& source) {
  std::string bytes = content;
  const std::size_t marks = to_page(content.size());
  const std::size_t count = (content.size() + chunk_bytes - 1) / chunk_bytes;
  const std::size_t last_page = to_page(marks + count * sizeof(Mark));
  bytes.resize(last_page + page_bytes);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string chunk = content.substr(i * chunk_bytes, chunk_bytes);
    put_at(
        bytes, marks + i * sizeof(Mark),
        Mark{.md5 = md5::of(bytes_of(chunk)), .bytes = static_cast<std::uint32_t>(chunk.size())});
  }
  put_at(bytes, last_page, owner_of(path, source));
  put_at(bytes, last_page + lease_place, lease_of(path));
  std::ofstream(path, std::ios::binary | std::ios::in | std::ios::out) << bytes;
}

}  // namespace syncline::test
