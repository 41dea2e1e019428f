// Files on their way: what the walk decided, and what reading, hashing and writing add to it. Small
// files travel in groups that share one buffer; a file of several chunks travels alone, its chunks
// on several workers at once.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/atomic_file.h"
#include "filesystem/file.h"
#include "stages/buffers.h"
#include "stages/folder.h"
#include "stages/pass.h"

#include "syncline/digest.h"
#include "syncline/event.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncline::stages {

/// A file whose content must be proved or copied.
struct FileTask {
  FolderRef folder;
  std::string name;
  Entry source;
  std::optional<Entry>
      destination;           ///< where the bytes there decide; absent when they do not matter
  Verb verb = Verb::create;  ///< what writing it will be
  std::string reason;
  bool displaces = false;  ///< a folder is in its place, and waits for the guard
  int attempt = 1;
};

/// How far a file got.
enum class Progress : std::uint8_t {
  waiting,  ///< not read yet
  loaded,   ///< its bytes are in hand, or for chunks in the temporary, and must be published
  equal,    ///< read on both sides: the same bytes
  changed,  ///< the source would not hold still
  failed,
  dropped,  ///< the pass is ending
};

struct LoadedFile {
  FileTask task;
  std::span<const std::byte> content;
  Digest digest;
  Progress progress = Progress::waiting;
  Failure failure;  ///< when failed
};

struct FileGroup {
  std::vector<LoadedFile> files;
  Buffer buffer;
};

/// A file of more than one chunk. Chunks are claimed, read, compared or written, and hashed by any
/// worker.
struct ChunkedFile {
  explicit ChunkedFile(FileTask file_task)
      : file{.task = std::move(file_task), .content = {}, .digest = {}, .failure = {}} {}

  LoadedFile file;
  std::uint64_t sequence = 0;  ///< older files go on before younger ones begin

  std::mutex mutex;  ///< for what follows, until all chunks are done
  bool opened = false;
  std::optional<filesystem::File> source;
  std::optional<filesystem::File>
      old;  ///< the destination's file while chunks are compared with it
  std::unique_ptr<filesystem::AtomicFile> copy;  ///< made at the first difference
  std::vector<Md5> chunks;
  std::vector<bool> equal;  ///< chunks that the old file holds already, to be taken from there
  std::uint32_t claimed = 0;
  std::uint32_t outstanding = 1;  ///< chunks not hashed or dropped yet, and one for the claimer

  [[nodiscard]] std::uint32_t chunk_count() const {
    return static_cast<std::uint32_t>(chunks.size());
  }
};

/// The temporary that `file` is copied into, made on first use. Throws SystemError.
filesystem::File& copy_of(Pass& pass, ChunkedFile& file);

/// One chunk in hand.
struct Chunk {
  std::shared_ptr<ChunkedFile> file;
  std::uint32_t index = 0;
  std::span<const std::byte> content;
  Buffer buffer;
};

/// Small files packed together, large ones alone.
struct Packed {
  std::vector<FileGroup> groups;
  std::vector<std::shared_ptr<ChunkedFile>> chunked;
};
Packed pack(std::vector<FileTask> tasks);

/// The bytes that a group's buffer must hold.
std::size_t bytes_of(const FileGroup& group);

/// A file in its temporary, closed, waiting to be flushed and renamed.
struct Finished {
  FileTask task;
  std::string temporary;
  Digest digest;
};

/// What became of some files.
struct Outcomes {
  std::vector<Finished> finished;  ///< to be published
  std::vector<FileTask> again;     ///< to be read once more
  std::vector<FolderRef>
      over;  ///< for each file that is done with, whatever the result, its folder
  std::vector<Event> events;
};

}  // namespace syncline::stages
