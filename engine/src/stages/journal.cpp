// SPDX-License-Identifier: MIT
#include "stages/journal.h"

#include "filesystem/directory.h"
#include "filesystem/process.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "stages/clock.h"

#include <algorithm>
#include <array>
#include <random>
#include <type_traits>

namespace syncline::stages {
namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t lease_place = 512;  // a sector of its own, which disks write whole

// So far ahead of the writing, renewed when less than the half is left: some 400 times a second,
// which costs 0.1 % of the time. Longer would let more go unnoticed; shorter, a worker that has to
// wait for its turn on the processor outlasts it, and the copy is read back for nothing.
constexpr std::int64_t lease_ns = 5'000'000;

struct OwnerRecord {
  std::array<char, 8> magic{};
  std::uint64_t copy_inode = 0;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t name_bytes = 0;
  std::array<char, 256> name{};
  std::uint64_t checksum = 0;
};

struct LeaseRecord {
  std::array<char, 40> boot{};
  std::uint64_t mount = 0;
  std::int64_t until_ns = 0;
  std::uint64_t epoch = 0;
  std::uint64_t checksum = 0;
};

struct MarkRecord {
  Md5 md5{};
  std::uint32_t bytes = 0;
  std::uint32_t epoch = 0;
  std::uint64_t checksum = 0;
};

constexpr std::array<char, 8> magic{'S', 'y', 'n', 'l', 'P', 'a', 'r', '1'};

// FNV-1a. `seed` ties a record to its place.
template <typename Record>
std::uint64_t checksum_of(const Record& record, std::uint64_t seed) {
  static_assert(std::has_unique_object_representations_v<Record>);
  std::uint64_t sum = 0xcbf29ce484222325U ^ seed;
  for (const std::byte byte :
       std::as_bytes(std::span(&record, 1)).first(sizeof record - sizeof record.checksum))
    sum = (sum ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return sum;
}

// A time that 64 bits of nanoseconds cannot hold is not known again: such a copy begins anew.
std::int64_t recorded(const Timestamp& time) {
  return nanoseconds_of(time).value_or(0);
}

constexpr std::uint64_t to_page(std::uint64_t bytes) {
  return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

constexpr std::uint64_t mark_place(std::uint64_t size, std::uint32_t chunk) {
  return to_page(size) + std::uint64_t{chunk} * sizeof(MarkRecord);
}

constexpr std::uint64_t length_with_journal(std::uint64_t size) {
  return to_page(mark_place(size, chunks_in(size))) + page_bytes;
}

template <typename Record>
std::optional<Record> read_record(const filesystem::File& file, std::uint64_t place,
                                  std::uint64_t seed) {
  Record record;
  const auto room = std::as_writable_bytes(std::span(&record, 1));
  if (file.read(room, place) < room.size() || record.checksum != checksum_of(record, seed))
    return std::nullopt;
  return record;
}

template <typename Record>
void write_record(filesystem::File& file, std::uint64_t place, Record record, std::uint64_t seed) {
  record.checksum = checksum_of(record, seed);
  file.write(std::as_bytes(std::span(&record, 1)), place);
}

std::uint64_t lease_seat(std::uint64_t size) {
  return length_with_journal(size) - page_bytes + lease_place;
}

// Of this boot and this mount; all zeros where one of them cannot be told.
LeaseRecord lease_of_today(const filesystem::File& copy) {
  static const std::string boot = filesystem::boot_id();
  LeaseRecord lease;
  const auto mount = copy.mount_number();
  if (boot.empty() || boot.size() > lease.boot.size() || !mount) return lease;
  std::ranges::copy(boot, lease.boot.begin());
  lease.mount = *mount;
  return lease;
}

// Nobody but us has written to the copy.
bool is_untouched(const filesystem::File& copy, const Entry& now, const LeaseRecord& lease,
                  const Stamping& stamping) {
  const LeaseRecord today = lease_of_today(copy);
  const Timestamp& ctime = now.identity.ctime;
  return today.mount != 0 && lease.boot == today.boot && lease.mount == today.mount &&
         ctime <= timestamp_of(lease.until_ns) && stamping.rule == IdentityRule::everything &&
         stamping.slack_ns <= clock_tick_ns && !is_whole_second(ctime);
}

// A copy of the copy is none, which shows in its number where that lasts.
std::optional<OwnerRecord> owner_in(const filesystem::File& copy, const Identity& now) {
  OwnerRecord record;
  const auto room = std::as_writable_bytes(std::span(&record, 1));
  if (copy.read(room, now.size - page_bytes) < room.size() || record.magic != magic ||
      record.checksum != checksum_of(record, record.copy_inode))
    return std::nullopt;
  const FileId then{.device = now.id.device, .inode = record.copy_inode};
  return filesystem::may_be_same(copy.descriptor(), then, now.id) ? std::optional{record}
                                                                  : std::nullopt;
}

std::optional<LeaseRecord> lease_in(const filesystem::File& copy, std::uint64_t size,
                                    std::uint64_t inode) {
  return read_record<LeaseRecord>(copy, lease_seat(size), inode);
}

}  // namespace

Journal::Journal(filesystem::File& copy, std::uint64_t size, std::uint64_t inode)
    : copy_(copy), size_(size), inode_(inode), epoch_(std::random_device{}()) {}

std::optional<CopyOwner> Journal::owner_of(const filesystem::File& copy) {
  const Identity now = copy.look().identity;
  if (now.size < page_bytes) return std::nullopt;
  const auto record = owner_in(copy, now);
  if (!record || record->name_bytes > record->name.size() ||
      length_with_journal(record->size) != now.size)
    return std::nullopt;
  try {
    filesystem::require_plain({record->name.data(), record->name_bytes});
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
  return CopyOwner{.name = {record->name.data(), record->name_bytes},
                   .source = {.id = {.inode = record->inode},
                              .size = record->size,
                              .mtime = timestamp_of(record->mtime_ns),
                              .ctime = timestamp_of(record->ctime_ns)},
                   .copy_inode = record->copy_inode};
}

std::vector<ChunkMark> Journal::marks_of(const filesystem::File& copy, const CopyOwner& owner,
                                         const Stamping& stamping) {
  const Entry now = copy.look();
  const std::uint64_t size = owner.source.size;
  const std::uint64_t inode = owner.copy_inode;
  const auto lease = lease_in(copy, size, inode);
  const bool untouched = lease && is_untouched(copy, now, *lease, stamping);
  std::vector<MarkRecord> records(chunks_in(size));
  const auto room = std::as_writable_bytes(std::span(records));
  if (copy.read(room, mark_place(size, 0)) < room.size()) records.assign(records.size(), {});
  std::vector<ChunkMark> marks(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const MarkRecord& record = records[i];
    const std::uint64_t whole = std::min(chunk_bytes, size - i * chunk_bytes);
    const bool is_at_block = record.bytes % 64 == 0 || record.bytes == whole;
    if (record.checksum != checksum_of(record, inode + i) || record.bytes > whole || !is_at_block)
      continue;
    marks[i] = {.bytes = record.bytes,
                .md5 = record.md5,
                .is_believed = untouched && record.epoch == lease->epoch};
  }
  return marks;
}

Journal::Journal(filesystem::File& copy, const CopyOwner& owner)
    : Journal(copy, owner.source.size, copy.look().identity.id.inode) {
  const std::uint64_t length = length_with_journal(size_);
  copy_.resize(length);
  OwnerRecord record{.magic = magic,
                     .copy_inode = inode_,
                     .size = size_,
                     .inode = owner.source.id.inode,
                     .mtime_ns = recorded(owner.source.mtime),
                     .ctime_ns = recorded(owner.source.ctime),
                     .name_bytes = owner.name.size()};
  std::copy_n(owner.name.begin(), std::min(owner.name.size(), record.name.size()),
              record.name.begin());
  write_record(copy_, length - page_bytes, record, inode_);
  lease_until(now_ns() + lease_ns);
}

Journal::Journal(filesystem::File& copy, const CopyOwner& owner,
                 const std::vector<ChunkMark>& marks)
    : Journal(copy, owner.source.size, owner.copy_inode) {
  const auto lease = lease_in(copy_, size_, inode_);
  const bool is_believed = std::ranges::any_of(marks, &ChunkMark::is_believed);
  if (lease && is_believed) epoch_ = static_cast<std::uint32_t>(lease->epoch);
  lease_until(now_ns() + lease_ns);
}

std::unique_lock<std::mutex> Journal::writing() {
  std::unique_lock lock{mutex_};
  const std::int64_t now = now_ns();
  const bool is_short = until_ns_ < now + lease_ns / 2;
  const bool was_clock_set_back = until_ns_ > now + lease_ns;
  if (is_short || was_clock_set_back) lease_until(now + lease_ns);
  return lock;
}

void Journal::note(std::uint32_t first_chunk, std::span<const ChunkMark> marks) {
  std::vector<MarkRecord> records;
  records.reserve(marks.size());
  std::uint64_t seed = inode_ + first_chunk;
  for (const ChunkMark& mark : marks) {
    MarkRecord record{.md5 = mark.md5, .bytes = mark.bytes, .epoch = epoch_};
    record.checksum = checksum_of(record, seed++);
    records.push_back(record);
  }
  const auto lock = writing();
  copy_.write(std::as_bytes(std::span(records)), mark_place(size_, first_chunk));
}

void Journal::close() {
  const std::scoped_lock lock{mutex_};
  lease_until(now_ns() + lease_ns);
}

void Journal::lease_until(std::int64_t until_ns) {
  LeaseRecord lease = lease_of_today(copy_);
  lease.until_ns = until_ns;
  lease.epoch = epoch_;
  write_record(copy_, lease_seat(size_), lease, inode_);
  until_ns_ = until_ns;
}

}  // namespace syncline::stages
