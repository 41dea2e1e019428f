// SPDX-License-Identifier: MIT
#include "index/packed.h"

#include "index/sqlite.h"

#include <sqlite3.h>

#include <bit>
#include <cstring>

namespace syncline::index {
namespace {

enum Flag : std::uint8_t {
  source_unproven = 1,
  destination_unproven = 2,
  rotten = 4,
  attributes_lacking = 8,
  apart = 16,
  long_times = 32,
  own_mtime = 64,
};

enum Content : std::uint8_t { unread, digested, tagged };

constexpr std::size_t number_bytes = 8;
constexpr std::size_t long_time_bytes = 12;
constexpr std::size_t sum_bytes = 16;
constexpr std::size_t source_inode_at = 2;
constexpr std::size_t times_at = 26;

std::uint64_t swapped(std::uint64_t number) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

std::uint64_t number_at(const char* at) {
  std::uint64_t number = 0;
  std::memcpy(&number, at, sizeof number);
  return swapped(number);
}

std::uint8_t flags_of(const Remembered& what) {
  const auto flag = [](bool is_set, Flag value) { return is_set ? value : 0; };
  const auto is_long = [](const Timestamp& time) { return !nanoseconds_of(time); };
  return static_cast<std::uint8_t>(
      flag(!what.source_proved, source_unproven) |
      flag(!what.destination_proved, destination_unproven) | flag(what.is_rotten, rotten) |
      flag(!what.attributes_kept, attributes_lacking) | flag(what.stands_apart, apart) |
      flag(is_long(what.source.mtime) || is_long(what.source.ctime) ||
               is_long(what.destination.mtime) || is_long(what.destination.ctime),
           long_times) |
      flag(what.destination.mtime != what.source.mtime, own_mtime));
}

Content content_of(const Remembered& what) {
  if (!what.fingerprint) return unread;
  return what.fingerprint->tag ? tagged : digested;
}

std::size_t bytes_with(std::uint8_t flags, std::size_t sums) {
  const std::size_t times = (flags & own_mtime) != 0 ? 4 : 3;
  return times_at + times * ((flags & long_times) != 0 ? long_time_bytes : number_bytes) +
         sums * sum_bytes;
}

[[noreturn]] void refuse() {
  throw SqliteError("a row in it is not one", SQLITE_CORRUPT);
}

/// Takes one thing after another.
class Unpacking {
 public:
  explicit Unpacking(const char* at) : at_(at) {}

  std::uint64_t number() {
    at_ += number_bytes;
    return number_at(at_ - number_bytes);
  }
  Timestamp time(bool is_long) {
    const auto count = as_integer(number());
    if (!is_long) return timestamp_of(count);
    at_ += long_time_bytes - number_bytes;
    // The last four bytes are the lower half of the eight that end with them.
    return {.seconds = count,
            .nanoseconds = static_cast<std::uint32_t>(number_at(at_ - number_bytes))};
  }
  void sum(std::array<std::byte, sum_bytes>& into) {
    std::memcpy(into.data(), at_, sum_bytes);
    at_ += sum_bytes;
  }

 private:
  const char* at_;
};

}  // namespace

PackedRow::PackedRow(const Remembered& what) {
  const std::uint8_t flags = flags_of(what);
  const bool is_long = (flags & long_times) != 0;
  put(flags, 1);
  put(content_of(what), 1);
  put(what.source.id.inode, number_bytes);
  put(what.source.size, number_bytes);
  put(what.destination.id.inode, number_bytes);
  put(what.source.mtime, is_long);
  put(what.source.ctime, is_long);
  put(what.destination.ctime, is_long);
  if ((flags & own_mtime) != 0) put(what.destination.mtime, is_long);
  if (!what.fingerprint) return;
  put(what.fingerprint->digest.md5);
  if (what.fingerprint->tag) put(*what.fingerprint->tag);
}

void PackedRow::put(std::uint64_t number, std::size_t width) {
  number = swapped(number << 8 * (number_bytes - width));
  std::memcpy(bytes_.data() + size_, &number, width);
  size_ += width;
}

void PackedRow::put(const Timestamp& time, bool is_long) {
  if (!is_long) return put(as_unsigned(nanoseconds_of(time).value_or(0)), number_bytes);
  put(as_unsigned(time.seconds), number_bytes);
  put(time.nanoseconds, long_time_bytes - number_bytes);
}

void PackedRow::put(const std::array<std::byte, 16>& sum) {
  std::memcpy(bytes_.data() + size_, sum.data(), sum.size());
  size_ += sum.size();
}

Remembered unpacked(std::string_view bytes) {
  if (bytes.size() < times_at) refuse();
  const auto flags = static_cast<std::uint8_t>(bytes[0]);
  const auto content = static_cast<std::uint8_t>(bytes[1]);
  if (content > tagged || bytes.size() != bytes_with(flags, content)) refuse();
  const auto is = [flags](Flag flag) { return (flags & flag) != 0; };

  Unpacking from{bytes.data() + source_inode_at};
  Remembered what;
  what.source.id.inode = from.number();
  what.source.size = what.destination.size = from.number();
  what.destination.id.inode = from.number();
  what.source.mtime = from.time(is(long_times));
  what.source.ctime = from.time(is(long_times));
  what.destination.ctime = from.time(is(long_times));
  what.destination.mtime = is(own_mtime) ? from.time(is(long_times)) : what.source.mtime;
  if (content != unread) {
    Fingerprint& fingerprint = what.fingerprint.emplace();
    fingerprint.digest.chunks = chunks_in(what.source.size);
    from.sum(fingerprint.digest.md5);
    if (content == tagged) from.sum(fingerprint.tag.emplace());
  }
  what.source_proved = !is(source_unproven);
  what.destination_proved = !is(destination_unproven);
  what.attributes_kept = !is(attributes_lacking);
  what.stands_apart = is(apart);
  what.is_rotten = is(rotten);
  return what;
}

std::string packed_number(std::uint64_t number) {
  std::string bytes(number_bytes, '\0');
  number = swapped(number);
  std::memcpy(bytes.data(), &number, number_bytes);
  return bytes;
}

}  // namespace syncline::index
