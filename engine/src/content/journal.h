// The journal of a copy that can outlive an interruption: whose copy it is, and how far each chunk
// has come.
//
// It lies behind the content, in the copy itself, so that both have one name and one identity; what
// publishes the copy cuts it off. In this order, each part beginning at a page (4 KiB):
//
//     the content, as long as the source
//     marks: for each chunk 64 bytes
//     the last page: the owner, and at 512 the lease
//
// in the byte order of the machine. A mark says how many leading bytes of its chunk are in the
// copy, and holds the MD5 of the chunk, or the state of MD5 after those bytes, and the tag that
// they have (tag/tagger.h): hashing goes on from there. A stop costs no more than the segments
// under way.
//
// **Who wrote it.** Where another user may rename, any file of ours can come to bear a copy's name,
// and its bytes, which may be his, can be those of a journal. So each record ends with a tag over
// it and its place, under a key that is made for each copy: from one that only the index has, and
// from the copy's inode number, birth and size and the folder that it lies in. So no other inode,
// and no later one of the same number, can take it over. What has no such tag says nothing: of an
// owner it is at most a word of whose copy this may be, all of which then is compared with the
// source (partial.h).
//
// **Why kept bytes are believed.** A mark is made after its bytes were written and hashed, so they
// are in the page cache or on the disk, and a killed process takes nothing back. What could is a
// power cut or a disk that is pulled out, and then the copy is next seen in another boot or another
// mount; or somebody who writes to the copy, and that moves its ctime. But so do our own writes, up
// to the moment of a kill. So before each of them there is a lease on the disk: "until then, writes
// are mine", a few milliseconds ahead. A copy of the same boot and mount whose ctime is within the
// lease has been written by us alone. Only who writes to it in those milliseconds goes unnoticed,
// as does who writes to any file within a tick of its stamp (model/proof.h); after a stop that was
// asked for, the process outlives the lease. Where a file system has no such stamps, or anything
// else is amiss, nothing is believed: each kept piece is read back, beside others through the lanes
// like any stream, and where it does not come to what its mark says the chunk begins anew.
//
// To read all of it back each time would be simpler, and make twenty interruptions of one file cost
// ten times its size.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"
#include "md5/hmac.h"
#include "model/entry.h"
#include "model/fingerprint.h"
#include "model/proof.h"

#include "syncline/digest.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncline::engine {

/// How far a chunk has come in the copy.
struct ChunkMark {
  std::uint32_t bytes = 0;   ///< from its beginning on; 0: nothing
  Md5 md5{};                 ///< of the chunk, where that is all of it, or the state so far
  Tag tag{};                 ///< so far
  bool is_believed = false;  ///< else to be read back
};

/// Whose copy it is.
struct CopyOwner {
  std::string name;
  Identity source;
  std::uint64_t copy_inode = 0;  ///< of the copy, when it was begun: part of every tag
  /// Who knows the key wrote that, of this copy in this folder. Else anybody may have.
  bool is_authentic = false;
};

/// What makes a journal ours.
struct JournalSeal {
  md5::HmacKey key{};
  /// The inode number of the folder that the copy lies in; 0 where numbers do not last.
  std::uint64_t folder_inode = 0;
};

/// That of one copy.
struct CopySeal {
  md5::HmacKey key{};       ///< made from the seal's, and from what the copy is
  std::uint64_t inode = 0;  ///< CopyOwner::copy_inode
  std::uint64_t size = 0;   ///< of the content
};

/// Thread-safe. Members throw SystemError.
class Journal {
 public:
  /// What `copy` is a copy of; nullopt: it has no journal that can be made sense of.
  static std::optional<CopyOwner> owner_of(const filesystem::File& copy, const JournalSeal& seal);

  /// The mark of each chunk, of a copy that has an owner. `stamping`: what its stamps are worth.
  /// Where the owner is not authentic, they are what somebody says.
  static std::vector<ChunkMark> marks_of(const filesystem::File& copy, const CopyOwner& owner,
                                         const JournalSeal& seal, const Stamping& stamping);

  /// Begins one in `copy`, which must outlive it and has at most content, and gives that the size
  /// it needs.
  Journal(filesystem::File& copy, const CopyOwner& owner, const JournalSeal& seal);
  /// Goes on with that of `copy`, whose marks are `marks`: those that are not believed now will not
  /// be later either, until they are noted again.
  Journal(filesystem::File& copy, const CopyOwner& owner, const JournalSeal& seal,
          const std::vector<ChunkMark>& marks);

  /// To be held by whoever writes to the copy, as long as one call takes.
  [[nodiscard]] std::unique_lock<std::mutex> writing();

  /// How far chunks that follow each other have come, all of that being written.
  void note(std::uint32_t first_chunk, std::span<const ChunkMark> marks);

  /// Nothing more will be written. Whoever writes to the copy once a tick (model/proof.h) has
  /// passed is noticed.
  void close();

 private:
  Journal(filesystem::File& copy, const CopySeal& seal);
  void lease_until(std::int64_t until_ns);

  filesystem::File& copy_;
  const CopySeal seal_;
  std::mutex mutex_;
  std::int64_t until_ns_ = 0;
  std::uint32_t epoch_;  ///< marks of another one are not believed
};

}  // namespace syncline::engine
