// Reading and hashing files from the page cache, beside the bare loop that opens, reads and closes
// the same files and hashes nothing, and beside hashing the same bytes in memory.
//
//   bench_read [--files=N] [--bytes=N] [--folder=/dev/shm] [options of Google Benchmark]
//
// What is timed are the engine's own stages, as its workers run them, without the graph and without
// the walk: each thread reads, then hashes what it read. Every digest is checked.
//
// SPDX-License-Identifier: MIT
#include "content/read.h"

#include "bare.h"
#include "contenders.h"
#include "content/chunk_queue.h"
#include "content/hash.h"
#include "content/read_chunks.h"
#include "content/transfer.h"
#include "md5/lanes.h"
#include "pass/passes.h"
#include "replica/disposal.h"
#include "scenes.h"
#include "source/local_source.h"
#include "trees.h"
#include "walk/applier.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace syncline::bench {
namespace {

using Bytes = std::vector<std::byte>;
using View = std::span<const std::byte>;
using Digests = std::map<std::string, Digest>;

constexpr std::size_t batch_files = 256;

Bytes bytes_of(const fs::path& path) {
  Bytes bytes(fs::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

std::vector<View> chunks_of(View bytes) {
  std::vector<View> chunks{bytes.first(std::min<std::size_t>(bytes.size(), chunk_bytes))};
  for (std::size_t at = chunk_bytes; at < bytes.size(); at += chunk_bytes)
    chunks.push_back(bytes.subspan(at, std::min<std::size_t>(chunk_bytes, bytes.size() - at)));
  return chunks;
}

/// What OpenSSL says, one stream after the other.
Digests digests_of(const fs::path& root) {
  Digests digests;
  md5::Lanes lanes(DigestBackend::evp);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const Bytes bytes = bytes_of(entry.path());
    const auto chunks = chunks_of(bytes);
    std::vector<Md5> md5s(chunks.size());
    lanes.hash(chunks, md5s);
    digests[entry.path().lexically_relative(root)] = md5::of_chunks(md5s);
  }
  return digests;
}

template <typename Work>
void on_threads(unsigned threads, Work work) {
  std::vector<std::jthread> workers;
  for (unsigned each = 0; each < threads; ++each) workers.emplace_back(work);
}

/// The stages at work on a tree that was walked already: every file to be read on one side and its
/// digest taken.
class StageRun {
 public:
  explicit StageRun(const fs::path& root)
      : pass_{options_, source_, {}, {}, true, {.folders = 512, .files = 512}, nullptr},
        sink_(pass_) {
    pass_.replica.sink = &sink_;
    pass_.replica.disposal = &engine::unlinking();
    root_ = std::make_shared<engine::Folder>(nullptr, "", engine::Folder::Role::mirrored);
    root_->pass = &pass_;
    source_.set_root(filesystem::Directory::open_root(root));
    root_->source = pass_.source.open_root(*root_);
    held_ = pass_.handles.keep(*root_, filesystem::Directory::open_root(root));
    note_identity(*root_);
    find_files(root, root_);
  }

  /// Packs all that was found, as the walk hands it on.
  void prepare(unsigned threads) {
    queue_.emplace(passes_, engine::ChunkQueue::Limits{
                                .stripes = threads, .workers = threads, .open_files = 512});
    for (std::size_t at = 0; at < tasks_.size(); at += batch_files) {
      const auto begin = tasks_.begin() + static_cast<std::ptrdiff_t>(at);
      const auto end =
          tasks_.begin() + static_cast<std::ptrdiff_t>(std::min(at + batch_files, tasks_.size()));
      engine::Packed packed = engine::pack({begin, end});
      std::ranges::move(packed.groups, std::back_inserter(groups_));
      for (const engine::Reading& reading : packed.chunked)
        for (const auto& file : reading) {
          file->access = pass_.source.access(*file->file.task.folder);
          files_.push_back(file);
        }
      queue_->add(std::move(packed.chunked));
    }
  }

  /// Reads and hashes what was prepared.
  void run(unsigned threads) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::ptrdiff_t> stripes = static_cast<std::ptrdiff_t>(queue_->stripes_to_start());
    on_threads(threads, [&] {
      md5::Lanes lanes;
      for (std::size_t i = next++; i < groups_.size(); i = next++) {
        engine::FileGroup& group = groups_[i];
        group.buffer = buffers_.take(engine::group_bytes);
        engine::read_group(group);
        engine::hash(passes_, lanes, group);
        group.buffer = {};
      }
      if (stripes-- <= 0) return;
      engine::Stripe stripe{.streams = {}, .buffer = buffers_.take(engine::stripe_bytes)};
      for (;;) {
        queue_->refill(stripe);
        if (stripe.streams.empty()) break;
        engine::read_stripe(stripe);
        engine::hash(passes_, lanes, stripe);
        queue_->release_ended(stripe);
      }
    });
  }

  /// What the last run found, its memory being given back by that.
  Digests take_digests() {
    Digests digests;
    for (const auto& group : std::exchange(groups_, {}))
      for (const auto& file : group.files) add(digests, file.task, file.fingerprint.digest);
    for (const auto& file : std::exchange(files_, {}))
      add(digests, file->file.task, engine::fingerprint_of(pass_, file->data, file->chunks).digest);
    return digests;
  }

 private:
  // Both sides are the same tree: of the destination only the attributes are asked for.
  static void note_identity(engine::Folder& folder) {
    for (const auto side : {engine::Side::source, engine::Side::destination})
      folder.side(side).id = folder.source->identity.id;
  }

  void find_files(const fs::path& path, const engine::FolderRef& folder) {
    for (const auto& entry : fs::directory_iterator(path)) {
      const std::string name = entry.path().filename();
      if (entry.is_directory()) {
        auto child = std::make_shared<engine::Folder>(folder, name, engine::Folder::Role::mirrored);
        child->source = pass_.source.look_at({*folder}, name);
        note_identity(*child);
        find_files(entry.path(), child);
      } else {
        const auto status = pass_.source.look_at({*folder}, name);
        tasks_.push_back({.folder = folder,
                          .name = name,
                          .source = *status,
                          .destination = *status,
                          .reason = {},
                          .known = {},
                          .reads = engine::Reads::source});
      }
    }
  }

  static void add(Digests& digests, const engine::FileTask& task, const Digest& digest) {
    digests[engine::path_of(*task.folder, task.name)] = digest;
  }

  const Options options_{};
  engine::LocalSource source_{512};
  engine::Pass pass_;
  const engine::Passes passes_{{&pass_}};
  engine::Applier sink_;
  engine::FolderRef root_;
  engine::Handles::View held_;
  std::vector<engine::FileTask> tasks_;
  engine::BufferPool buffers_;
  std::vector<engine::FileGroup> groups_;
  std::vector<engine::ChunkedFileRef> files_;
  std::optional<engine::ChunkQueue> queue_;
};

void read_and_hash(benchmark::State& state, Scene& scene, unsigned threads) {
  const Digests expected = digests_of(scene.source());
  StageRun run(scene.source());
  const CpuTime cpu(state);
  for ([[maybe_unused]] const auto iteration : state) {
    state.PauseTiming();
    run.prepare(threads);
    state.ResumeTiming();
    run.run(threads);
    state.PauseTiming();
    if (run.take_digests() != expected) {
      state.SkipWithError("not what OpenSSL says");
      break;
    }
    state.ResumeTiming();
  }
}

void read_bare(benchmark::State& state, Scene& scene, unsigned threads) {
  const FileReader reader(scene.source());
  const CpuTime cpu(state);
  for ([[maybe_unused]] const auto iteration : state) reader.read_all(threads);
}

void hash_in_memory(benchmark::State& state, Scene& scene, unsigned threads) {
  std::vector<Bytes> contents;
  std::vector<View> chunks;
  for (const auto& entry : fs::recursive_directory_iterator(scene.source()))
    if (entry.is_regular_file()) contents.push_back(bytes_of(entry.path()));
  for (const Bytes& content : contents)
    std::ranges::copy(chunks_of(content), std::back_inserter(chunks));
  std::vector<Md5> md5s(chunks.size());
  std::optional<CpuTime> cpu(std::in_place, state);
  for ([[maybe_unused]] const auto iteration : state) {
    std::atomic<std::size_t> next{0};
    on_threads(threads, [&] {
      md5::Lanes lanes;
      for (;;) {
        const std::size_t at = next.fetch_add(md5::max_lanes);
        if (at >= chunks.size()) break;
        const std::size_t count = std::min(md5::max_lanes, chunks.size() - at);
        lanes.hash(std::span(chunks).subspan(at, count), std::span(md5s).subspan(at, count));
      }
    });
  }
  cpu.reset();  // the check is nobody's time
  std::vector<Md5> expected(chunks.size());
  md5::Lanes(DigestBackend::evp).hash(chunks, expected);
  if (md5s != expected) state.SkipWithError("not what OpenSSL says");
}

using Way = void (*)(benchmark::State&, Scene&, unsigned);

void enter(const std::string& name, Way way, Scene& scene) {
  for (const unsigned threads : {1U, std::max(1U, std::thread::hardware_concurrency())}) {
    benchmark::RegisterBenchmark(
        (scene.name() + '/' + name + "/threads_" + std::to_string(threads)).c_str(),
        [way, &scene, threads](benchmark::State& state) { way(state, scene, threads); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  using namespace syncline::bench;
  return run_benchmarks_over({"small", "media"}, "bench_read", argc, argv, [](Scene& scene) {
    enter("bare_loop", read_bare, scene);
    enter("in_memory", hash_in_memory, scene);
    enter("read_and_hash", read_and_hash, scene);
  });
}
