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
#include "flow/graph.h"

#include <exception>
#include <stop_token>
#include <thread>
#include <utility>

namespace syncline::engine {
namespace {

// How far the walk runs ahead of the copying. A first copy of 100,000 files of 9 KB, on two cores:
// 8,192 take 2.19 s and 69 MB, 16,384 2.38 s and 79 MB, 32,768 2.42 s and 101 MB.
constexpr std::int64_t most_files_under_way = 8'192;

}  // namespace

Graph::Graph(const Passes& passes, Workers workers, std::int64_t bytes, Bodies& bodies)
    : passes_(passes),
      bodies_(bodies),
      files_(most_files_under_way * static_cast<std::int64_t>(passes.size())),
      bytes_(bytes),
      slots_(static_cast<int>(workers.threads + workers.io_threads + 1)),
      threads_(slots_) {
  threads_.arena().execute([&] { build(workers); });
}

// TBB's own tasks, which look for more in the lane, may be left when all work is over: after a
// power cut on a busy machine one ran once the lane was gone. Here they run while it is there.
Graph::~Graph() {
  threads_.arena().execute([&] { nodes_->graph.wait_for_all(); });
}

void Graph::build(Workers workers) {
  nodes_.emplace(
      workers,
      [this](const Work& work) {
        guarded([&] { bodies_.perform(work); });
        return tbb::flow::continue_msg{};
      },
      [this](const HashWork& work) { guarded([&] { bodies_.hash(*work); }); },
      [this](const std::shared_ptr<Record>& record) {
        guarded([&] {
          tell(record->of, record->events);
          record->of.memory.write(record->edits);
          return_credits(record->credits);
        });
      });
  tbb::flow::make_edge(nodes_->lane, nodes_->io);
}

void Graph::run(std::vector<Work> first) {
  std::stop_source over;
  std::thread runner{[&] {
    run_without_copies(std::move(first));
    over.request_stop();
  }};
  while (bodies_.do_what_is_due(over.get_token())) {
  }
  runner.join();
}

void Graph::run_without_copies(std::vector<Work> first) {
  threads_.arena().execute([&] {
    nodes_->graph.reserve_wait();
    ++under_way_;  // until all of `first` is in, the graph is not idle
    for (Work& work : first) submit(work);
    ended();
    nodes_->graph.wait_for_all();
  });
  // A lost credit or a piece of work left in a gate would otherwise look like success.
  if (under_way_ != 0 || !files_.at_rest() || !bytes_.at_rest() || !bodies_.at_rest())
    passes_.abandon(
        Refusal{.code = RefusalCode::other,
                .cause = "internal error: the pipeline stopped before its work was done"});
}

void Graph::tell(Pass& of, const std::vector<Event>& events) {
  for (const Event& event : events) {
    try {
      of.recorder->record(event);
    } catch (const std::exception& error) {
      of.brakes.abandon(error);
    }
  }
}

void Graph::ended() {
  if (--under_way_ > 0) return;
  const std::vector<Work> rest = bodies_.take_rest();
  if (rest.empty()) {
    nodes_->graph.release_wait();
    return;
  }
  ++under_way_;  // until all are in
  for (const Work& work : rest) submit(work);
  ended();
}

Work Graph::make_work(Urgency urgency, Job job, std::uint32_t depth) {
  return {.urgency = urgency,
          .depth = depth,
          .begun = false,
          .rank = {},
          .sequence = next_sequence_++,
          .admitted = false,
          .job = std::make_shared<Job>(std::move(job))};
}

void Graph::submit(const Work& work) {
  counted([&] { nodes_->lane.try_put(work); });
}

void Graph::submit_all(std::vector<Work> works) {
  for (Work& work : works) {
    work.admitted = true;
    submit(work);
  }
}

void Graph::submit_at(Alarm::Clock::time_point when, Work work) {
  counted([&] {
    alarm_.at(when, [this, work = std::move(work)] {
      threads_.arena().enqueue([this, work] { guarded([&] { submit(work); }); });
    });
  });
}

void Graph::start_hash(Hashable what) {
  counted([&] { nodes_->hash.try_put(std::make_shared<Hashable>(std::move(what))); });
}

void Graph::record(Pass& of, std::vector<Event> events, std::int64_t credits,
                   std::vector<index::Edit> edits) {
  if (events.empty() && edits.empty()) {
    return_credits(credits);
    return;
  }
  counted([&] {
    nodes_->record.try_put(
        std::make_shared<Record>(Record{of, std::move(events), std::move(edits), credits}));
  });
}

}  // namespace syncline::engine
