// SPDX-License-Identifier: MIT
#include "applying/record_file.h"

#include "filesystem/scratch_file.h"

#include <algorithm>
#include <span>

namespace syncline::applying {
namespace {

constexpr std::size_t most_waiting = std::size_t{1} << 18U;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

RecordFile::RecordFile() : file_(filesystem::make_scratch_file()) {}

std::uint64_t RecordFile::add(std::string_view record) {
  const std::uint64_t offset = size();
  waiting_ += record;
  if (waiting_.size() > most_waiting) finish();
  return offset;
}

void RecordFile::finish() {
  file_.write(std::as_bytes(std::span{waiting_}), written_);
  written_ += waiting_.size();
  waiting_.clear();
}

std::string RecordFile::read(std::uint64_t offset, std::size_t bytes) const {
  std::string read;
  const std::uint64_t end = std::min(offset + bytes, written_);
  while (offset < end) {
    const auto block = this->block(offset / block_bytes);
    const std::string_view rest = text_of(block->bytes).substr(offset % block_bytes);
    const std::string_view part = rest.substr(0, end - offset);
    if (part.empty()) break;
    read += part;
    offset += part.size();
  }
  return read;
}

std::shared_ptr<const RecordFile::Block> RecordFile::block(std::uint64_t number) const {
  auto& place = blocks_.at(number % most_blocks);
  {
    const std::scoped_lock lock{mutex_};
    if (place && place->number == number) return place;
  }
  auto block = std::make_shared<Block>();
  block->number = number;
  block->bytes.resize(block_bytes);
  block->bytes.resize(file_.read(block->bytes, number * block_bytes));
  const std::scoped_lock lock{mutex_};
  place = block;
  return block;
}

}  // namespace syncline::applying
