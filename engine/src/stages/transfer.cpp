// SPDX-License-Identifier: MIT
#include "stages/transfer.h"

#include "stages/touch.h"

#include <algorithm>

namespace syncline::stages {
namespace {

// More in a group would gain nothing, a group being 1 % of the cost of its files, and would starve
// the other workers in folders of empty files.
constexpr std::size_t most_files = 128;

// Larger files go as streams: few of them fit into a group, which would leave most lanes empty.
constexpr std::uint64_t most_grouped_bytes = 64U << 10U;

std::size_t size_of(const FileTask& task) {
  return static_cast<std::size_t>(task.source.identity.size);
}

}  // namespace

bool travels_in_group(std::uint64_t bytes) {
  return bytes <= most_grouped_bytes;
}

std::uint64_t ChunkedFile::chunk_size(std::uint32_t index) const {
  return std::min(chunk_bytes, file.task.source.identity.size - index * chunk_bytes);
}

filesystem::File& copy_of(Pass& pass, ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  if (!chunked.copy) {
    const FileTask& task = chunked.file.task;
    touch(pass, *task.folder);
    chunked.copy =
        std::make_unique<filesystem::AtomicFile>(pass.handles.get(*task.folder, Side::destination));
    // Room is worth a call where a full disk would be met late.
    if (task.source.identity.size > chunk_bytes)
      chunked.copy->file().reserve(task.source.identity.size);
  }
  return chunked.copy->file();
}

Packed pack(std::vector<FileTask> tasks) {
  Packed packed;
  FileGroup group;
  std::size_t bytes = 0;
  const auto close_group = [&] {
    if (!group.files.empty()) packed.groups.push_back(std::exchange(group, {}));
    bytes = 0;
  };
  for (FileTask& task : tasks) {
    if (!travels_in_group(task.source.identity.size)) {
      packed.chunked.push_back(std::make_shared<ChunkedFile>(std::move(task)));
      continue;
    }
    const std::size_t size = size_of(task);
    if (bytes + size > group_bytes || group.files.size() == most_files) close_group();
    bytes += size;
    group.files.push_back({.task = std::move(task), .content = {}, .digest = {}, .failure = {}});
  }
  close_group();
  return packed;
}

}  // namespace syncline::stages
