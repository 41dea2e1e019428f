// Who runs when: the nodes of the flow graph, its gates, and when it is over. What is done is its
// user's (Bodies).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "flow/alarm.h"
#include "flow/gate.h"
#include "flow/jobs.h"
#include "flow/threads.h"
#include "index/rows.h"
#include "pass/passes.h"
#include "pass/record.h"

#include "syncline/event.h"
#include "syncline/options.h"

#include <tbb/flow_graph.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace syncline::engine {

/// What runs in the graph. Called by many threads; what it throws ends the pass.
class Bodies {
 public:
  Bodies() = default;
  Bodies(const Bodies&) = delete;
  Bodies& operator=(const Bodies&) = delete;
  virtual ~Bodies() = default;

  virtual void perform(const Work& work) = 0;
  virtual void hash(Hashable& what) = 0;
  /// Nothing else is left to do: what waited for company that will not come.
  virtual std::vector<Work> take_rest() = 0;
  /// Nothing is held or waited for any more, as it must be at the end.
  [[nodiscard]] virtual bool at_rest() const = 0;
  /// Waits for what may not wait for that long, and does it; false: `over` was requested.
  virtual bool do_what_is_due(const std::stop_token& over) = 0;
};

/// Thread-safe, but for what says otherwise.
class Graph {
 public:
  /// `bytes`: of buffers, which may be in use at a time.
  Graph(const Passes& passes, Workers workers, std::int64_t bytes, Bodies& bodies);
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph();

  // By one thread, none of the graph's.

  /// Puts `first` on the lane and blocks until nothing is left to do anywhere. Meanwhile the
  /// calling thread sees to it that no finished copy waits for long.
  void run(std::vector<Work> first);
  /// Likewise where nothing is copied: a thread for each level of a deep tree would cost more than
  /// what is deleted there.
  void run_without_copies(std::vector<Work> first);
  /// An observer that throws ends the pass, but what was done counts. By one thread at a time.
  static void tell(Pass& of, const std::vector<Event>& events);

  // From its bodies, too.

  Work make_work(Urgency urgency, Job job, std::uint32_t depth = 0);
  void submit(const Work& work);
  void submit(Urgency urgency, Job job) { submit(make_work(urgency, std::move(job))); }
  /// Until then it holds up the end of the graph, and no worker.
  void submit_at(Alarm::Clock::time_point when, Work work);
  void submit_at(Alarm::Clock::time_point when, Urgency urgency, Job job, std::uint32_t depth = 0) {
    submit_at(when, make_work(urgency, std::move(job), depth));
  }
  void start_hash(Hashable what);
  /// `credits` of the file gate come back by that.
  void record(Pass& of, std::vector<Event> events, std::int64_t credits = 0,
              std::vector<index::Edit> edits = {});

  /// False: `work` waits for its share, and is performed again once it has it.
  bool admits_names(std::int64_t share, const Work& work) { return admits(files_, share, work); }
  bool admits_bytes(std::size_t share, const Work& work) {
    return admits(bytes_, static_cast<std::int64_t>(share), work);
  }
  void return_credits(std::int64_t credits) {
    if (credits > 0) submit_all(files_.leave(credits));
  }
  void return_bytes(std::size_t bytes) {
    submit_all(bytes_.leave(static_cast<std::int64_t>(bytes)));
  }

  /// Runs `body` as part of the graph, unless that is over; then it returns false.
  template <typename Body>
  bool join(Body body) {
    std::int64_t others = under_way_;
    while (others > 0 && !under_way_.compare_exchange_weak(others, others + 1)) {
    }
    if (others == 0) return false;
    guarded(body);
    return true;
  }

  /// How many threads may be in it at a time.
  [[nodiscard]] std::size_t slots() const { return static_cast<std::size_t>(slots_); }

 private:
  struct Record {
    Pass& of;
    std::vector<Event> events;
    std::vector<index::Edit> edits;
    std::int64_t credits = 0;
  };
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

  static bool admits(Gate<Work, LessUrgent>& gate, std::int64_t share, const Work& work) {
    return work.admitted || gate.enter(share, work);
  }

  void build(Workers workers);

  // Every message is counted from before it is put until its body is over, so that the last body
  // knows that it is the last, publishes what waits for company that will not come, and ends the
  // graph where there is no such thing.
  template <typename Body>
  void guarded(Body body) {
    try {
      const filesystem::Calls::Scope scope{*passes_.any().calls};
      body();
    } catch (const std::exception& error) {
      // Only memory and the deferred list's database can bring us here. Counts may be off, so all
      // ends.
      passes_.abandon(error);
    }
    ended();
  }
  void ended();

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
  void submit_all(std::vector<Work> works);

  const Passes passes_;
  Bodies& bodies_;
  Gate<Work, LessUrgent> files_;
  Gate<Work, LessUrgent> bytes_;
  const int slots_;
  std::atomic<std::uint64_t> next_sequence_{0};
  std::atomic<std::int64_t> under_way_{0};
  Threads threads_;
  std::optional<Nodes> nodes_;
  Alarm alarm_{[this] { return passes_.stopping(); }};
};

}  // namespace syncline::engine
