// SPDX-License-Identifier: MIT
#include "content/journal.h"

#include "filesystem/clock.h"
#include "filesystem/directory.h"
#include "filesystem/file_system_type.h"
#include "filesystem/process.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "tag/tagger.h"

#include <algorithm>
#include <array>
#include <random>
#include <type_traits>
#include <utility>

namespace syncline::engine {
namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t lease_place = 512;  // a sector of its own, which disks write whole

// So far ahead of the writing, renewed when less than the half is left: some 400 times a second,
// which costs 0.1 % of the time. Longer would let more go unnoticed; shorter, a worker that has to
// wait for its turn on the processor outlasts it, and the copy is read back for nothing.
constexpr std::int64_t lease_ns = 5'000'000;

// Of a record: the first half of its HMAC-SHA256, which RFC 2104 (section 5) allows.
using Mac = std::array<std::byte, 16>;

struct OwnerRecord {
  std::array<char, 8> magic{};
  std::uint64_t copy_inode = 0;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t device = 0;
  std::uint64_t name_bytes = 0;
  std::array<char, 256> name{};
  Mac tag{};
};

struct LeaseRecord {
  std::array<char, 40> boot{};
  std::uint64_t mount = 0;
  std::int64_t until_ns = 0;
  std::uint64_t epoch = 0;
  Mac tag{};
};

// None lies across two sectors, which disks write whole.
struct MarkRecord {
  Md5 md5{};
  Tag content{};
  std::uint32_t bytes = 0;
  std::uint32_t epoch = 0;
  std::uint64_t spare = 0;
  Mac tag{};
};
static_assert(sizeof(MarkRecord) == 64);

constexpr std::array<char, 8> magic{'S', 'y', 'n', 'l', 'P', 'a', 'r', '2'};

template <typename Message>
md5::Sha256 hmac_of(const md5::HmacKey& key, const Message& message) {
  static_assert(std::has_unique_object_representations_v<Message>);
  return md5::hmac_of(key, std::as_bytes(std::span(&message, 1)));
}

// Of a record at `place` of the copy.
template <typename Record>
Mac tag_of(const CopySeal& seal, const Record& record, std::uint64_t place) {
  struct Placed {
    std::uint64_t place;
    Record record;
  };
  Placed placed{.place = place, .record = record};
  placed.record.tag = {};
  const md5::Sha256 whole = hmac_of(seal.key, placed);
  Mac tag;
  std::copy_n(whole.begin(), tag.size(), tag.begin());
  return tag;
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

std::uint64_t owner_seat(std::uint64_t size) {
  return length_with_journal(size) - page_bytes;
}

std::uint64_t lease_seat(std::uint64_t size) {
  return owner_seat(size) + lease_place;
}

template <typename Record>
void write_record(filesystem::File& file, const CopySeal& seal, std::uint64_t place,
                  Record record) {
  record.tag = tag_of(seal, record, place);
  file.write(std::as_bytes(std::span(&record, 1)), place);
}

// Where inode numbers do not last, births do not either.
CopySeal seal_of(const filesystem::File& copy, const JournalSeal& seal, std::uint64_t inode,
                 std::uint64_t size) {
  struct What {
    std::uint64_t folder_inode;
    std::uint64_t inode;
    std::int64_t born_ns;  // 0 where that is not known
    std::uint64_t size;
  };
  const bool is_weak = filesystem::is_weak(copy.descriptor());
  const What what{.folder_inode = seal.folder_inode,
                  .inode = inode,
                  .born_ns = is_weak ? 0 : filesystem::born_ns(copy),
                  .size = size};
  return {.key = hmac_of(seal.key, what), .inode = inode, .size = size};
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
         ctime <= timestamp_of(lease.until_ns) && stamping.is_strong() &&
         stamping.slack_ns <= clock_tick_ns && !is_whole_second(ctime);
}

std::optional<OwnerRecord> owner_in(const filesystem::File& copy, std::uint64_t length) {
  if (length < page_bytes) return std::nullopt;
  OwnerRecord record;
  const auto room = std::as_writable_bytes(std::span(&record, 1));
  const bool is_one = copy.read(room, length - page_bytes) == room.size() &&
                      record.magic == magic && record.name_bytes <= record.name.size() &&
                      record.size < length && length_with_journal(record.size) == length;
  return is_one ? std::optional{record} : std::nullopt;
}

// A copy of the copy is none, which shows in its number where that lasts.
bool is_authentic(const filesystem::File& copy, const Identity& now, const OwnerRecord& record,
                  const JournalSeal& seal) {
  const FileId then{.device = now.id.device, .inode = record.copy_inode};
  const CopySeal whole = seal_of(copy, seal, record.copy_inode, record.size);
  return record.tag == tag_of(whole, record, owner_seat(record.size)) &&
         filesystem::may_be_same(copy.descriptor(), then, now.id);
}

std::optional<LeaseRecord> lease_in(const filesystem::File& copy, const CopySeal& seal) {
  const std::uint64_t place = lease_seat(seal.size);
  LeaseRecord record;
  const auto room = std::as_writable_bytes(std::span(&record, 1));
  const bool is_one =
      copy.read(room, place) == room.size() && record.tag == tag_of(seal, record, place);
  return is_one ? std::optional{record} : std::nullopt;
}

bool is_possible(const MarkRecord& record, std::uint64_t whole) {
  return record.bytes <= whole && (record.bytes % tag::piece_bytes == 0 || record.bytes == whole);
}

}  // namespace

Journal::Journal(filesystem::File& copy, const CopySeal& seal)
    : copy_(copy), seal_(seal), epoch_(std::random_device{}()) {}

std::optional<CopyOwner> Journal::owner_of(const filesystem::File& copy, const JournalSeal& seal) {
  const Identity now = copy.look().identity;
  const auto record = owner_in(copy, now.size);
  if (!record) return std::nullopt;
  try {
    filesystem::require_plain({record->name.data(), record->name_bytes});
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
  return CopyOwner{.name = {record->name.data(), record->name_bytes},
                   .source = {.id = {.device = record->device, .inode = record->inode},
                              .size = record->size,
                              .mtime = timestamp_of(record->mtime_ns),
                              .ctime = timestamp_of(record->ctime_ns)},
                   .copy_inode = record->copy_inode,
                   .is_authentic = is_authentic(copy, now, *record, seal)};
}

std::vector<ChunkMark> Journal::marks_of(const filesystem::File& copy, const CopyOwner& owner,
                                         const JournalSeal& seal, const Stamping& stamping) {
  const Entry now = copy.look();
  const std::uint64_t size = owner.source.size;
  const CopySeal whole_seal = seal_of(copy, seal, owner.copy_inode, size);
  const auto lease = lease_in(copy, whole_seal);
  const bool untouched = owner.is_authentic && lease && is_untouched(copy, now, *lease, stamping);
  std::vector<MarkRecord> records(chunks_in(size));
  const auto room = std::as_writable_bytes(std::span(records));
  if (copy.read(room, mark_place(size, 0)) < room.size()) records.assign(records.size(), {});
  std::vector<ChunkMark> marks(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const MarkRecord& record = records[i];
    const std::uint64_t place = mark_place(size, static_cast<std::uint32_t>(i));
    if (!is_possible(record, std::min(chunk_bytes, size - i * chunk_bytes)) ||
        (owner.is_authentic && record.tag != tag_of(whole_seal, record, place)))
      continue;
    marks[i] = {.bytes = record.bytes,
                .md5 = record.md5,
                .tag = record.content,
                .is_believed = untouched && record.epoch == lease->epoch};
  }
  return marks;
}

Journal::Journal(filesystem::File& copy, const CopyOwner& owner, const JournalSeal& seal)
    : Journal(copy, seal_of(copy, seal, copy.look().identity.id.inode, owner.source.size)) {
  copy_.resize(length_with_journal(seal_.size));
  OwnerRecord record{.magic = magic,
                     .copy_inode = seal_.inode,
                     .size = seal_.size,
                     .inode = owner.source.id.inode,
                     .mtime_ns = recorded(owner.source.mtime),
                     .ctime_ns = recorded(owner.source.ctime),
                     .device = owner.source.id.device,
                     .name_bytes = owner.name.size()};
  std::copy_n(owner.name.begin(), std::min(owner.name.size(), record.name.size()),
              record.name.begin());
  write_record(copy_, seal_, owner_seat(seal_.size), record);
  lease_until(now_ns() + lease_ns);
}

Journal::Journal(filesystem::File& copy, const CopyOwner& owner, const JournalSeal& seal,
                 const std::vector<ChunkMark>& marks)
    : Journal(copy, seal_of(copy, seal, owner.copy_inode, owner.source.size)) {
  const auto lease = lease_in(copy_, seal_);
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
  const std::uint64_t first_place = mark_place(seal_.size, first_chunk);
  std::uint64_t place = first_place;
  for (const ChunkMark& mark : marks) {
    MarkRecord record{.md5 = mark.md5, .content = mark.tag, .bytes = mark.bytes, .epoch = epoch_};
    record.tag = tag_of(seal_, record, std::exchange(place, place + sizeof record));
    records.push_back(record);
  }
  const auto lock = writing();
  copy_.write(std::as_bytes(std::span(records)), first_place);
}

void Journal::close() {
  const std::scoped_lock lock{mutex_};
  lease_until(now_ns() + lease_ns);
}

void Journal::lease_until(std::int64_t until_ns) {
  LeaseRecord lease = lease_of_today(copy_);
  lease.until_ns = until_ns;
  lease.epoch = epoch_;
  write_record(copy_, seal_, lease_seat(seal_.size), lease);
  until_ns_ = until_ns;
}

}  // namespace syncline::engine
