// The way of bytes: files are read, hashed, written and published, groups and stripes at a time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/buffers.h"
#include "content/chunk_queue.h"
#include "content/publish.h"
#include "content/transfer.h"
#include "flow/graph.h"
#include "flow/jobs.h"
#include "flow/settling.h"
#include "md5/lanes.h"
#include "pass/passes.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace syncline::engine {

/// Bytes of buffers that so many workers may have in use at a time.
std::int64_t buffer_bytes(Workers workers);

/// Thread-safe.
class ContentStages {
 public:
  ContentStages(const Passes& passes, Graph& graph, Settling& settling, Workers workers);

  /// Files to be read, announced already. What is of one file of the source and lies together is
  /// read once.
  void submit(std::vector<FileTask> tasks);

  void perform(const Work& work, job::ReadGroup& read);
  void perform(const Work& work, job::ReadStripe& read);
  void perform(const Work& work, job::WriteGroup& job);
  void perform(const Work& work, job::WriteChunked& job);
  void perform(const Work& work, job::Publish& job);
  void perform(const Work& work, job::ReadHeld& job);
  void hash_and_hand_on(FileGroup& group);
  void hash_and_hand_on(Stripe& stripe);

  /// Copies that wait to be published together with others that will not come.
  std::vector<Work> take_rest();
  /// Not by a worker: all of them may be waiting, for a slow disk or for Options::bytes_per_second.
  /// False: `over` was requested.
  bool publish_due(const std::stop_token& over);
  [[nodiscard]] bool at_rest() const { return chunks_.at_rest(); }

  /// What the pass of that root wrote is on the disks when it returns. Adds to `events` what
  /// failed.
  void flush(Folder& root, std::vector<Event>& events);

 private:
  void start_stripes();
  void submit_read(Job job, Rank rank);
  void end_chunked(std::vector<ChunkedFileRef> done);
  void publish_and_hand_on(PublishGroup& group);
  void hand_on(Pass& pass, Outcomes outcomes);
  void submit_held(std::vector<Held<FileTask>> held);
  md5::Lanes& lanes();

  const Passes passes_;
  Graph& graph_;
  Settling& settling_;
  PublishQueue publish_queue_;
  StopAllowance allowance_;
  BufferPool buffers_;
  ChunkQueue chunks_;
  std::vector<md5::Lanes> lanes_;  ///< one for each thread that may be in the graph
};

}  // namespace syncline::engine
