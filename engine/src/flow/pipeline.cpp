// Two kinds of work must never starve each other: waiting for disks, and hashing. So the graph has
// one node for each, both parallel, and a serial one that records. All work that waits goes through
// one priority queue, the lane: settling before publishing before writing, so that what was begun
// is finished before more is begun; then walking, as far ahead of reading as the gate for files
// lets it, so that totals settle early; and among equals the deepest folder first, and one that is
// begun before the next, so that the frontier of the walk stays small.
//
//     lane ─► io ─┬─► hash ─► lane
//                 ├─► lane
//                 └─► record
//
// Memory is bounded at two gates. The walk takes a credit for each name of a batch before it looks
// at it, and a name gives its credit back when it is recorded or found to be the same. Reading
// takes its buffer's bytes before it begins and gives them back with the buffer. Work that finds a
// gate closed waits in the gate, not in a thread.
//
// What was measured with oneTBB 2021.8 and decided this shape: a message costs 0.5 to 2 µs of CPU
// where two statx cost 3, so batches and groups flow rather than files; a function node that
// rejects must be fed by a buffering one, or messages vanish; limiter nodes in a loop pile up
// tasks; an exception that leaves a body cancels the graph, so none leaves.
//
// SPDX-License-Identifier: MIT
#include "flow/pipeline.h"

#include "content/chunk_queue.h"
#include "content/hash.h"
#include "content/publish.h"
#include "content/read.h"
#include "content/write.h"
#include "filesystem/memory.h"
#include "flow/alarm.h"
#include "flow/gate.h"
#include "late/extraneous_folders.h"
#include "late/late.h"
#include "late/late_folders.h"
#include "late/links.h"
#include "md5/lanes.h"
#include "pass/failures.h"
#include "walk/apply.h"
#include "walk/list.h"
#include "walk/reconcile.h"
#include "walk/settle.h"

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>

namespace syncline {
namespace {

using namespace engine;

// Names looked at together; a batch is what a stop waits for.
constexpr std::size_t batch_names = 256;
// How far the walk runs ahead of the copying. A first copy of 100,000 files of 9 KB, on two cores:
// 8,192 take 2.19 s and 69 MB, 16,384 2.38 s and 79 MB, 32,768 2.42 s and 101 MB.
constexpr std::int64_t most_files_under_way = 8'192;
// Buffers: something for small files, and the stripes. With 16 MiB for small files a first copy of
// them is as fast, and needs 8 MB more.
constexpr std::int64_t base_buffer_bytes = 4 << 20;
// Folders looked up by depth in the late list, a round.
constexpr std::size_t late_round = 1024;
// Followers in memory; each round ends with a flush of what was copied in it.
constexpr std::size_t link_round = 8192;
// Links made by one worker before it tells of them.
constexpr std::ptrdiff_t link_job = 256;

enum class Urgency : std::uint8_t { read, walk, write, publish, finish };

namespace job {
struct Walk {
  FolderRef folder;
  Patience patience{};  ///< with who has it
};
/// Names that were held back, or chosen among those of an inode.
struct Emit {
  FolderRef folder;
  Batch batch;
};
/// Symlinks, special files and metadata that somebody else had.
struct Change {
  FolderRef folder;
  std::vector<EntryChange> changes;
  Patience patience;
};
struct ReadGroup {
  FileGroup group;
};
/// Files that somebody else had.
struct ReadHeld {
  std::vector<FileTask> tasks;
};
struct ReadStripe {
  Stripe stripe;
};
struct WriteGroup {
  FileGroup group;
};
struct WriteChunked {
  ChunkedFileRef file;
};
struct Publish {
  PublishGroup group;
};
struct Link {
  LinkWork& links;
  std::vector<index::Follower> followers;
  Patience patience{};  ///< with who uses their names
};
struct ReplaceFolders {
  LateWork& late;
};
struct FinishLate {
  LateWork& late;
  index::FolderKey key;
  std::string after;  ///< names up to this one are done
};
/// What somebody else had.
struct FinishHeld {
  LateWork& late;
  index::FolderKey key;
  std::vector<index::Removal> held;
  Patience patience;
};
}  // namespace job

using Job = std::variant<job::Walk, job::Emit, job::ReadGroup, job::ReadStripe, job::WriteGroup,
                         job::WriteChunked, job::Publish, job::Link, job::ReplaceFolders,
                         job::FinishLate, job::FinishHeld, job::ReadHeld, job::Change>;

/// A job on the lane.
struct Work {
  Urgency urgency = Urgency::walk;
  std::uint32_t depth = 0;
  bool begun = false;  ///< the folder's names are in memory
  Rank rank{};         ///< of what is to be read
  std::uint64_t sequence = 0;
  bool admitted = false;  ///< its gate has let it pass
  std::shared_ptr<Job> job;
};

struct LessUrgent {
  bool operator()(const Work& a, const Work& b) const {
    if (a.urgency != b.urgency) return a.urgency < b.urgency;
    if (a.urgency == Urgency::walk && a.depth != b.depth) return a.depth < b.depth;
    if (a.begun != b.begun) return b.begun;
    if (a.rank != b.rank) return a.rank > b.rank;
    return a.sequence > b.sequence;
  }
};

using Hashable = std::variant<FileGroup, Stripe>;
using HashWork = std::shared_ptr<Hashable>;

/// To be recorded; `credits` of the file gate come back by that.
struct Record {
  std::vector<Event> events;
  std::vector<index::Edit> edits;
  std::int64_t credits = 0;
};

/// So many threads for a pass.
class Threads {
 public:
  explicit Threads(int number) {
    const std::scoped_lock lock{mutex};
    keep_workers();
    limit_.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(number));
    arena_.emplace(number);
    arena_->initialize();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() {
    const std::scoped_lock lock{mutex};
    arena_.reset();
    limit_.reset();
  }

  [[nodiscard]] tbb::task_arena& arena() { return *arena_; }

 private:
  // oneTBB's workers end with the last arena, and so with the thread that called mirror(). What
  // they had of malloc's arenas others take over, a little elsewhere each time: a program with a
  // thread of its own for each pass grew by 50 KiB and a mapping or two with each ten. Never
  // destroyed, for at the end of the process oneTBB may be gone before.
  static void keep_workers() {
    static const auto* const kept = [] {
      auto* const arena = new tbb::task_arena{1};
      arena->initialize();
      return arena;
    }();
    static_cast<void>(kept);
  }

  // The first arena of a process looks up the limits without oneTBB's lock, so no other pass may
  // set or lift its own meanwhile.
  static inline std::mutex mutex;
  // Either of the two alone is silently capped at the number of cores.
  std::optional<tbb::global_control> limit_;
  std::optional<tbb::task_arena> arena_;
};

// Each reader has one, and while all hashing workers are busy with theirs there is one to read.
// Each worker of either kind having one costs the first copy of 2 GB in four files 1.14 times the
// time: more buffers than the caches hold.
std::size_t stripes_for(Workers workers) {
  return std::max<std::size_t>(workers.io_threads, workers.threads + 1);
}

}  // namespace

class Pipeline::Graph {
 public:
  Graph(Pass& pass, Recorder& recorder, Workers workers)
      : pass_(pass),
        recorder_(recorder),
        publish_queue_(pass),
        chunks_({.stripes = stripes_for(workers),
                 .workers = workers.threads,
                 .open_files = pass.terms.open_limits.files}),
        bytes_(base_buffer_bytes + static_cast<std::int64_t>(stripes_for(workers) * stripe_bytes)),
        walkers_(static_cast<std::int64_t>(workers.io_threads)),
        slots_(static_cast<int>(workers.threads + workers.io_threads + 1)),
        threads_(slots_),
        lanes_(static_cast<std::size_t>(slots_), md5::Lanes{pass.terms.options.digest_backend}) {
    threads_.arena().execute([&] { build(workers); });
  }

  void walk(const FolderRef& root) {
    walks_ = 1;
    pass_.books.stage = Stage::walking;
    run({make_work(Urgency::walk, job::Walk{root})});
    std::vector<Work> round;
    for (job::Emit& held : std::exchange(held_, {})) {
      ++walks_;
      round.push_back(make_work(Urgency::walk, std::move(held)));
    }
    if (!round.empty()) run(std::move(round));
  }

  // Only now is it known what was moved away.
  void walk_extraneous(const FolderRef& root) {
    LateFolders folders{pass_, root};
    index::Extraneous last;
    ++root->pending;  // it is settled already
    while (!pass_.brakes.stopping()) {
      std::vector<Event> events;
      auto found = extraneous_folders(pass_, folders, last, late_round, events);
      tell(events);
      if (found.empty()) break;
      walks_ += static_cast<std::int64_t>(found.size());
      std::vector<Work> round;
      round.reserve(found.size());
      for (FolderRef& folder : found)
        round.push_back(make_work(Urgency::walk, job::Walk{std::move(folder)}));
      run(std::move(round));
    }
    --root->pending;
  }

  /// Puts `first` on the lane and blocks until nothing is left to do anywhere. Meanwhile the
  /// calling thread, which is none of the graph's, sees to it that no finished copy waits for long.
  void run(std::vector<Work> first) {
    std::stop_source over;
    std::thread runner{[&] {
      run_without_copies(std::move(first));
      over.request_stop();
    }};
    while (publish_queue_.wait_until_due(over.get_token())) publish_due();
    runner.join();
  }

  /// Likewise by the calling thread itself, where nothing is copied: a thread for each level of a
  /// deep tree would cost more than what is deleted there.
  void run_without_copies(std::vector<Work> first) {
    threads_.arena().execute([&] {
      nodes_->graph.reserve_wait();
      ++under_way_;  // until all of `first` is in, the graph is not idle
      for (Work& work : first) submit(work);
      ended();
      nodes_->graph.wait_for_all();
    });
    // A lost credit or a piece of work left in a gate would otherwise look like success.
    if (under_way_ != 0 || !files_.at_rest() || !bytes_.at_rest() || !chunks_.at_rest())
      pass_.brakes.abandon("internal error: the pipeline stopped before its work was done");
  }

  // A round of followers, whole groups to a job. The groups that have no leader yet go on in the
  // next generation, once those that were chosen are judged.
  void link(LinkWork& work) {
    index::LinkGroups& links = pass_.replica.links;
    while (links.has_followers() && !pass_.brakes.stopping()) {
      index::LinkGroups::Position position{.generation = links.generation(), .group = {}};
      links.begin_generation();
      while (true) {
        auto followers = links.followers(position, link_round);
        if (followers.empty()) break;
        std::vector<Work> round;
        for (auto begin = followers.begin(); begin != followers.end();) {
          auto end = begin + std::min(link_job, followers.end() - begin);
          while (end != followers.end() && end->group == std::prev(end)->group) ++end;
          round.push_back(
              make_work(Urgency::finish,
                        job::Link{work, {std::move_iterator{begin}, std::move_iterator{end}}}));
          begin = end;
        }
        run(std::move(round));
      }
    }
  }

  // The names that were taken away moved the ctimes of what has others.
  void remember_moved() {
    if (!pass_.memory.is_usable()) return;
    index::LinkGroup after;
    while (true) {
      const auto edits = moved_leaders(pass_, after);
      if (edits.empty()) break;
      pass_.memory.write(edits);
    }
  }

  Work make_work(Urgency urgency, Job job, std::uint32_t depth = 0) {
    return {.urgency = urgency,
            .depth = depth,
            .begun = false,
            .rank = {},
            .sequence = next_sequence_++,
            .admitted = false,
            .job = std::make_shared<Job>(std::move(job))};
  }

  [[nodiscard]] Pass& pass() { return pass_; }

  void flush(Folder& root) {
    std::vector<Event> events;
    publish_queue_.flush_all(root, events);
    tell(events);
  }

 private:
  struct Nodes {
    tbb::flow::graph graph;
    tbb::flow::priority_queue_node<Work, LessUrgent> lane{graph};
    tbb::flow::function_node<Work, tbb::flow::continue_msg, tbb::flow::rejecting> io;
    tbb::flow::function_node<HashWork> hash;
    tbb::flow::function_node<std::shared_ptr<Record>> record;

    template <typename Io, typename Hash, typename RecordBody>
    Nodes(Workers workers, Io io_body, Hash hash_body, RecordBody record_body)
        : io(graph, workers.io_threads, io_body),
          hash(graph, workers.threads, hash_body),
          record(graph, tbb::flow::serial, record_body) {}
  };

  // The whole graph. What a body hands on, it puts to a node by name: submit() to the lane,
  // start_hash(), record().
  void build(Workers workers) {
    nodes_.emplace(
        workers,
        [this](const Work& work) {
          guarded([&] { std::visit([&](auto& job) { perform(work, job); }, *work.job); });
          return tbb::flow::continue_msg{};
        },
        [this](const HashWork& work) {
          guarded([&] { std::visit([&](auto& what) { hash_and_hand_on(what); }, *work); });
        },
        [this](const std::shared_ptr<Record>& record) {
          guarded([&] {
            tell(record->events);
            pass_.memory.write(record->edits);
            return_credits(record->credits);
          });
        });
    tbb::flow::make_edge(nodes_->lane, nodes_->io);
  }

  // Every message is counted from before it is put until its body is over, so that the last body
  // knows that it is the last, publishes what waits for company that will not come, and ends the
  // graph where there is no such thing.
  template <typename Body>
  void guarded(Body body) {
    try {
      const filesystem::Calls::Scope scope{*pass_.calls};
      body();
    } catch (const std::exception& error) {
      // Only memory and the late list's database can bring us here. Counts may be off, so the pass
      // ends.
      pass_.brakes.abandon(error);
    }
    ended();
  }

  // By one thread at a time. An observer that throws ends the pass, but what was done counts.
  void tell(const std::vector<Event>& events) {
    for (const Event& event : events) {
      try {
        recorder_.record(event);
      } catch (const std::exception& error) {
        pass_.brakes.abandon(error);
      }
    }
  }

  void ended() {
    if (--under_way_ > 0) return;
    std::vector<PublishGroup> groups = publish_queue_.take();
    if (groups.empty()) {
      nodes_->graph.release_wait();
      return;
    }
    ++under_way_;  // until all are in
    for (PublishGroup& group : groups) submit_publish(std::move(group));
    ended();
  }

  // Not by a worker: all of them may be waiting, for a slow disk or for Options::bytes_per_second.
  // It counts before it is taken out of the queue, or else the graph could end between.
  void publish_due() {
    std::int64_t others = under_way_;
    while (others > 0 && !under_way_.compare_exchange_weak(others, others + 1)) {
    }
    if (others == 0) return std::this_thread::yield();  // the last body takes all
    guarded([&] {
      for (PublishGroup& group : publish_queue_.take_due()) publish_and_hand_on(group);
    });
  }

  // What could not be put does not count, or else the graph would never end.
  template <typename Put>
  void counted(Put put) {
    ++under_way_;
    try {
      put();
    } catch (const std::exception&) {
      --under_way_;
      throw;
    }
  }

  void submit(const Work& work) {
    counted([&] { nodes_->lane.try_put(work); });
  }

  void submit_all(std::vector<Work> works) {
    for (Work& work : works) {
      work.admitted = true;
      submit(work);
    }
  }

  // Until then it holds up the end of the graph, and no worker.
  void submit_at(Alarm::Clock::time_point when, Work work) {
    counted([&] {
      alarm_.at(when, [this, work = std::move(work)] {
        threads_.arena().enqueue([this, work] { guarded([&] { submit(work); }); });
      });
    });
  }

  void submit_publish(PublishGroup group) {
    submit(make_work(Urgency::publish, job::Publish{std::move(group)}));
  }

  void start_hash(Hashable what) {
    counted([&] { nodes_->hash.try_put(std::make_shared<Hashable>(std::move(what))); });
  }

  void record(std::vector<Event> events, std::int64_t credits = 0,
              std::vector<index::Edit> edits = {}) {
    if (events.empty() && edits.empty()) {
      return_credits(credits);
      return;
    }
    counted([&] {
      nodes_->record.try_put(
          std::make_shared<Record>(Record{std::move(events), std::move(edits), credits}));
    });
  }

  void return_credits(std::int64_t credits) {
    if (credits > 0) submit_all(files_.leave(credits));
  }

  void return_bytes(std::size_t bytes) {
    submit_all(bytes_.leave(static_cast<std::int64_t>(bytes)));
  }

  bool is_admitted(Gate<Work, LessUrgent>& gate, std::int64_t share, const Work& work) {
    return work.admitted || gate.enter(share, work);
  }

  void perform(const Work& work, job::Walk& walk) {
    constexpr auto share = static_cast<std::int64_t>(batch_names);
    if (!is_admitted(files_, share, work)) return;
    const FolderRef folder = std::move(walk.folder);
    Listed listed;
    if (!folder->listed && !pass_.brakes.stopping())
      listed = list(pass_, *folder, !walk.patience.is_over());
    if (listed.is_held) {
      walk_later(folder, walk.patience);
      record(std::move(listed.events), share, std::move(listed.edits));
      return;
    }
    const Batch batch = pass_.brakes.stopping() ? Batch{} : next_batch(*folder, batch_names);
    const bool goes_on = !pass_.brakes.stopping() && !folder->names.done();
    if (goes_on) {
      ++folder->pending;
      ++walks_;
    }
    const bool alone = walks_ > walkers_;
    if (goes_on && !alone) go_on(folder);
    emit_and_hand_on(folder, batch, std::move(listed));
    if (goes_on && alone) go_on(folder);
  }

  void walk_later(const FolderRef& folder, Patience patience) {
    const auto when = patience.next_or_now();
    submit_at(when, make_work(Urgency::walk, job::Walk{folder, patience}, folder->depth));
  }

  void go_on(const FolderRef& folder) {
    Work work = make_work(Urgency::walk, job::Walk{folder}, folder->depth);
    work.begun = true;
    submit(work);
  }

  void perform(const Work& work, job::Emit& held) {
    constexpr auto share = static_cast<std::int64_t>(batch_names);
    if (!is_admitted(files_, share, work)) return;
    emit_and_hand_on(held.folder, pass_.brakes.stopping() ? Batch{} : std::move(held.batch), {});
  }

  // They count in their folder until then.
  void hold(const FolderRef& folder, const Batch& of, std::vector<std::string> names) {
    if (names.empty()) return;
    ++folder->pending;
    Batch batch{.names = {}, .stretch = of.stretch, .was_held = true};
    for (std::string& name : names)
      batch.names.push_back({.name = std::move(name), .in_source = true, .in_destination = true});
    const std::scoped_lock lock{held_mutex_};
    held_.push_back({folder, std::move(batch)});
  }

  // Likewise, for as long as somebody else has them.
  void ask_again(const FolderRef& folder, const Batch& of, std::vector<std::string> names) {
    if (names.empty()) return;
    ++folder->pending;
    ++walks_;
    Batch batch{.names = {}, .stretch = of.stretch, .was_held = true, .patience = of.patience};
    for (std::string& name : names)
      batch.names.push_back({.name = std::move(name), .in_source = true, .in_destination = true});
    const auto when = batch.patience.next_or_now();
    submit_at(when, make_work(Urgency::walk, job::Emit{folder, std::move(batch)}));
  }

  void change_later(const FolderRef& folder, std::vector<EntryChange> changes, Patience patience) {
    if (changes.empty()) return;
    ++folder->pending;
    const auto when = patience.next_or_now();
    submit_at(when, make_work(Urgency::write, job::Change{folder, std::move(changes), patience}));
  }

  void perform(const Work& /*work*/, job::Change& job) {
    Emission emission;
    emission.changes = std::move(job.changes);
    if (!pass_.brakes.stopping()) apply(pass_, *job.folder, emission, !job.patience.is_over());
    change_later(job.folder, std::move(emission.changes_not_now), job.patience);
    record(std::move(emission.events), 0, std::move(emission.edits));
    count_down(std::move(job.folder));
  }

  void emit_and_hand_on(const FolderRef& folder, const Batch& batch, Listed listed) {
    constexpr auto share = static_cast<std::int64_t>(batch_names);
    Emission emission = emit(pass_, folder, batch);
    const std::size_t found = emission.files.size();
    if (pass_.terms.options.dry_run)
      preview(pass_, *folder, emission);
    else
      apply(pass_, *folder, emission);
    const std::size_t told = found - emission.files.size();
    announce(pass_, emission.files);
    for (FolderRef& child : emission.folders) {
      submit_walk(std::move(child));
    }
    std::ranges::move(emission.events, std::back_inserter(listed.events));
    std::ranges::move(emission.edits, std::back_inserter(listed.edits));
    hold(folder, batch, std::move(emission.held));
    ask_again(folder, batch, std::move(emission.not_now));
    change_later(folder, std::move(emission.changes_not_now), {});
    submit_files(std::move(emission.files));
    record(std::move(listed.events), share - static_cast<std::int64_t>(found),
           std::move(listed.edits));
    end_files(std::vector<FolderRef>(told, folder));
    count_down(folder);
    if (--walks_ > 0) return;
    Stage walking = Stage::walking;
    pass_.books.stage.compare_exchange_strong(walking, Stage::copying);
  }

  void submit_walk(FolderRef folder) {
    ++walks_;
    const std::uint32_t depth = folder->depth;
    submit(make_work(Urgency::walk, job::Walk{std::move(folder)}, depth));
  }

  void submit_files(std::vector<FileTask> tasks) {
    Packed packed = pack(pass_, std::move(tasks));
    for (FileGroup& group : packed.groups) {
      Rank rank = rank_of(pass_, group.files.front().task);
      submit_read(job::ReadGroup{std::move(group)}, std::move(rank));
    }
    if (packed.chunked.empty()) return;
    for (const ChunkedFileRef& file : packed.chunked)
      file->access = pass_.source.access(*file->file.task.folder);
    chunks_.add(packed.chunked);
    start_stripes();
  }

  void start_stripes() {
    for (std::size_t left = chunks_.stripes_to_start(); left > 0; --left)
      submit_read(job::ReadStripe{}, chunks_.next_rank());
  }

  void submit_read(Job job, Rank rank) {
    Work work = make_work(Urgency::read, std::move(job));
    work.rank = std::move(rank);
    submit(work);
  }

  void perform(const Work& work, job::ReadGroup& read) {
    if (!is_admitted(bytes_, group_bytes, work)) return;
    read.group.buffer = buffers_.take(group_bytes);
    read_group(pass_, read.group);
    start_hash(std::move(read.group));
  }

  void perform(const Work& work, job::ReadStripe& read) {
    Stripe stripe = std::move(read.stripe);
    if (stripe.buffer.bytes().empty()) {
      if (!is_admitted(bytes_, stripe_bytes, work)) return;
      stripe.buffer = buffers_.take(stripe_bytes);
    }
    end_chunked(chunks_.refill(pass_, stripe));
    if (stripe.streams.empty()) {
      stripe.buffer = {};
      return_bytes(stripe_bytes);
      return;
    }
    read_stripe(pass_, stripe);
    start_hash(std::move(stripe));
  }

  void hash_and_hand_on(FileGroup& group) {
    hash(pass_, lanes(), group);
    submit(make_work(Urgency::write, job::WriteGroup{std::move(group)}));
  }

  void hash_and_hand_on(Stripe& stripe) {
    hash(pass_, lanes(), stripe);
    end_chunked(chunks_.release_ended(stripe));
    Rank rank = stripe.streams.empty() ? chunks_.next_rank() : stripe.streams.front().file->rank;
    submit_read(job::ReadStripe{std::move(stripe)}, std::move(rank));
  }

  md5::Lanes& lanes() {
    return lanes_[static_cast<std::size_t>(tbb::this_task_arena::current_thread_index())];
  }

  // Whatever frees chunks or files for others comes by here.
  void end_chunked(std::vector<ChunkedFileRef> done) {
    for (ChunkedFileRef& file : done)
      submit(make_work(Urgency::write, job::WriteChunked{std::move(file)}));
    start_stripes();
  }

  void perform(const Work& /*work*/, job::WriteGroup& job) {
    Outcomes outcomes = write(pass_, job.group);
    job.group.buffer = {};
    return_bytes(group_bytes);
    hand_on(std::move(outcomes));
  }

  void perform(const Work& /*work*/, job::WriteChunked& job) { hand_on(write(pass_, *job.file)); }

  void perform(const Work& /*work*/, job::Publish& job) { publish_and_hand_on(job.group); }

  void publish_and_hand_on(PublishGroup& group) {
    publish_queue_.note_begun(group);
    Outcomes outcomes = publish(pass_, group, allowance_);
    publish_queue_.note_ended(group);
    hand_on(std::move(outcomes));
  }

  void hand_on(Outcomes outcomes) {
    for (PublishGroup& group : publish_queue_.add(outcomes)) {
      if (group.method == filesystem::FlushMethod::none)
        publish_and_hand_on(group);
      else
        submit_publish(std::move(group));
    }
    submit_files(std::move(outcomes.again));
    submit_held(std::move(outcomes.held));
    for (Held<Finished>& held : outcomes.held_finished) {
      PublishGroup group = publish_queue_.alone(std::move(held.what));
      submit_at(held.when, make_work(Urgency::publish, job::Publish{std::move(group)}));
    }
    record(std::move(outcomes.events), static_cast<std::int64_t>(outcomes.over.size()),
           std::move(outcomes.edits));
    end_folders(std::move(outcomes.over));
  }

  // Together, when the first of them is asked for again.
  void submit_held(std::vector<Held<FileTask>> held) {
    if (held.empty()) return;
    auto when = held.front().when;
    job::ReadHeld job;
    for (Held<FileTask>& each : held) {
      when = std::min(when, each.when);
      job.tasks.push_back(std::move(each.what));
    }
    submit_at(when, make_work(Urgency::read, std::move(job)));
  }

  void perform(const Work& /*work*/, job::ReadHeld& job) { submit_files(std::move(job.tasks)); }

  void perform(const Work& work, job::Link& job) {
    const auto share = static_cast<std::int64_t>(job.followers.size());
    if (!is_admitted(files_, share, work)) return;
    const bool may_hold = !job.patience.is_over();
    LinkWork::Outcome outcome = job.links.link(job.followers, may_hold);
    link_later(job.links, std::move(outcome.held), job.patience);
    for (LinkWork::Outcome::Judged& judged : outcome.judged) {
      ++judged.folder->pending;
      ++walks_;
      submit(
          make_work(Urgency::walk, job::Emit{std::move(judged.folder), std::move(judged.batch)}));
    }
    record(std::move(outcome.events), share, std::move(outcome.edits));
  }

  void link_later(LinkWork& links, std::vector<index::Follower> held, Patience patience) {
    if (held.empty()) return;
    const auto when = patience.next_or_now();
    submit_at(when, make_work(Urgency::finish, job::Link{links, std::move(held), patience}));
  }

  void perform(const Work& /*work*/, job::ReplaceFolders& job) {
    record(job.late.replace_folders());
  }

  void perform(const Work& work, job::FinishLate& job) {
    constexpr auto share = static_cast<std::int64_t>(LateWork::page_names);
    if (!is_admitted(files_, share, work)) return;
    LateWork::Page page = job.late.finish(job.key, job.after);
    if (page.after)
      submit(
          make_work(Urgency::finish, job::FinishLate{job.late, job.key, std::move(*page.after)}));
    submit_held(job.late, job.key, std::move(page.held), {});
    record(std::move(page.events), share, std::move(page.edits));
  }

  void submit_held(LateWork& late, index::FolderKey key, std::vector<index::Removal> held,
                   Patience patience) {
    if (held.empty()) return;
    const auto when = patience.next_or_now();
    submit_at(when,
              make_work(Urgency::finish, job::FinishHeld{late, key, std::move(held), patience}));
  }

  void perform(const Work& work, job::FinishHeld& job) {
    constexpr auto share = static_cast<std::int64_t>(LateWork::page_names);
    if (!is_admitted(files_, share, work)) return;
    const bool may_hold = !job.patience.is_over();
    LateWork::Page page = job.late.finish_held(job.key, job.held, may_hold);
    submit_held(job.late, job.key, std::move(page.held), job.patience);
    record(std::move(page.events), share, std::move(page.edits));
  }

  void end_files(std::vector<FolderRef> folders) {
    return_credits(static_cast<std::int64_t>(folders.size()));
    end_folders(std::move(folders));
  }

  void end_folders(std::vector<FolderRef> folders) {
    for (FolderRef& folder : folders) count_down(std::move(folder));
  }

  // Whoever brings a folder's count to zero settles it and goes on with its parent: a loop, since
  // trees are deep.
  void count_down(FolderRef folder) {
    while (folder && --folder->pending == 0) {
      std::vector<Event> events;
      std::vector<index::Edit> edits;
      if (!pass_.brakes.stopping()) settle(pass_, *folder, events, edits);
      record(std::move(events), 0, std::move(edits));
      folder = FolderRef{folder->parent};  // a path that is still to be told goes by it
    }
  }

  Pass& pass_;
  Recorder& recorder_;
  PublishQueue publish_queue_;
  StopAllowance allowance_;
  BufferPool buffers_;
  ChunkQueue chunks_;
  Gate<Work, LessUrgent> files_{most_files_under_way};
  Gate<Work, LessUrgent> bytes_;
  const std::int64_t walkers_;
  const int slots_;
  std::atomic<std::uint64_t> next_sequence_{0};
  std::atomic<std::int64_t> walks_{0};  ///< folders to be walked that are left
  std::atomic<std::int64_t> under_way_{0};
  std::mutex held_mutex_;
  std::vector<job::Emit> held_;  ///< for the end of the walk
  Threads threads_;
  std::vector<md5::Lanes> lanes_;  ///< one for each slot of the arena
  std::optional<Nodes> nodes_;
  Alarm alarm_{[this] { return pass_.brakes.stopping(); }};
};

Pipeline::Pipeline(Pass& pass, Recorder& recorder, Workers workers)
    : graph_(std::make_unique<Graph>(pass, recorder, workers)) {}

Pipeline::~Pipeline() = default;

void Pipeline::walk(const FolderRef& root) {
  graph_->walk(root);
  graph_->walk_extraneous(root);
}

// The walk's folders are gone: those of the late list, made anew by one thread, would come on top
// of what all others had for them. To delete 30,000 levels took 106 MB by that.
void Pipeline::finish_late(const engine::FolderRef& root, bool allowed) {
  filesystem::give_back_memory();
  LateFolders folders{graph_->pass(), root};
  LateFolders judging{graph_->pass(), root, true};
  LinkWork links{graph_->pass(), judging};
  graph_->pass().books.stage = Stage::linking;
  ++root->pending;  // it is settled already
  graph_->link(links);
  --root->pending;
  LateWork work{graph_->pass(), folders, allowed};
  graph_->pass().books.stage = Stage::deleting;
  index::LateList& late = graph_->pass().replica.late;
  graph_->run_without_copies({graph_->make_work(Urgency::finish, job::ReplaceFolders{work})});
  for (const std::uint32_t depth : late.depths()) {
    index::FolderKey after = index::no_folder;
    while (true) {
      const auto keys = late.folders_at(depth, after, late_round);
      if (keys.empty()) break;
      std::vector<Work> round;
      round.reserve(keys.size());
      for (const index::FolderKey key : keys)
        round.push_back(graph_->make_work(Urgency::finish, job::FinishLate{work, key, {}}));
      graph_->run_without_copies(std::move(round));
      after = keys.back();
    }
  }
  graph_->remember_moved();
}

void Pipeline::flush(const engine::FolderRef& root) {
  graph_->pass().books.stage = Stage::flushing;
  graph_->flush(*root);
}

}  // namespace syncline
