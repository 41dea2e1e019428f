// One pass on one page.
//
// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include "ending/hang_watch.h"
#include "ending/last_words.h"
#include "ending/time_limit.h"
#include "filesystem/clock.h"
#include "filesystem/process.h"
#include "filesystem/storage.h"
#include "filesystem/system_error.h"
#include "flow/pipeline.h"
#include "late/deletions.h"
#include "opening/backup_root.h"
#include "opening/index_file.h"
#include "opening/opening.h"
#include "opening/roots.h"
#include "tell/progress.h"
#include "tell/report.h"
#include "walk/list.h"
#include "walk/moves.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace syncline {
namespace {

using engine::Pass;
using filesystem::LateCall;

// Of the descriptors that are allowed, some are for roots, locks, index and streams; each worker
// that waits takes its connection to the index (two) and what it has in hand besides.
constexpr std::uint64_t descriptors_for_all = 32;
constexpr std::uint64_t descriptors_for_worker = 6;
// What a pass over small files has open: the folders that it keeps, and some of everything else.
constexpr std::uint64_t usual_descriptors = 1024;

// How many may be used.
std::uint64_t claim_descriptors() {
  const std::uint64_t limit = filesystem::descriptor_limit();
  filesystem::reserve_descriptors(std::min(limit, usual_descriptors));
  return limit;
}

Workers workers_within(std::uint64_t descriptors, Workers wanted) {
  const std::uint64_t spare = std::max(descriptors, descriptors_for_all) - descriptors_for_all;
  const std::uint64_t most = std::max<std::uint64_t>(spare / (descriptors_for_worker + 2), 1);
  wanted.io_threads = static_cast<unsigned>(std::min<std::uint64_t>(wanted.io_threads, most));
  return wanted;
}

engine::OpenLimits open_limits(std::uint64_t descriptors, const Workers& workers) {
  const std::uint64_t taken = descriptors_for_all + descriptors_for_worker * workers.io_threads;
  const std::uint64_t spare = std::max(descriptors, taken) - taken;
  const auto part = [&](std::uint64_t divisor, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(spare / divisor, least, most));
  };
  return {.folders = part(4, 4, 512), .files = part(8, 1, 4096), .unnamed = part(4, 0, 4096)};
}

// Leaves what the pass learned on the disk. A phase that only deletes is no pass by itself. From
// here on nothing is written to the index.
void close_index(Pass& pass, OpenIndex& opened, engine::Recorder& recorder,
                 const DeletionVerdict& deletions, Summary& summary) {
  const bool writes = !pass.terms.options.dry_run || pass.terms.options.rehash;
  const bool meets = makes_known(pass, deletions);
  const bool is_news = summary.changed_anything() || pass.terms.removed_before.entries > 0 ||
                       !summary.deletions_held.empty() || (meets && !opened.index->history().met);
  try {
    if (writes && pass.memory.is_usable())
      opened.index->finish(
          is_news && !pass.terms.options.dry_run && !pass.terms.deletes_only
              ? std::optional{index::PassRow{
                    .ended_s = engine::to_seconds(engine::now_ns()),
                    .status = summary.status(),
                    .source = summary.source,
                    .destination = summary.destination,
                    .created = summary.created.entries,
                    .updated = summary.updated.entries,
                    .removed = summary.removed.entries + pass.terms.removed_before.entries,
                    .held = !summary.deletions_held.empty(),
                    .meets = meets}}
              : std::nullopt,
          !summary.stopped && summary.given_up.empty());
  } catch (const index::SqliteError& error) {
    pass.memory.note_failed(error);
  }
  opened.index.reset();
  summary.index = opened.path;
  std::string aside;
  auto failure = pass.memory.failure();
  try {
    summary.index_bytes = opened.bytes();
    if (failure && failure->is_damage && writes) {
      opened.set_aside();
      aside = ". It was set aside, and the next pass begins a new one";
    }
  } catch (const std::exception& error) {
    if (!failure) failure = {.why = error.what(), .is_damage = false};
  }
  if (!failure) return;
  const Failure event{.kind = FailureKind::error,
                      .path = ".",
                      .operation = "use the index",
                      .error_number = 0,
                      .detail = "the index '" + opened.path + "' failed: " + failure->why +
                                "; what was proved since then is not remembered" + aside};
  recorder.record(event);
  Summary told = recorder.summary();
  summary.failures = told.failures;
  summary.first_failures = std::move(told.first_failures);
}

// As long as nothing was deleted.
void refuse_if_abandoned(const Pass& pass) {
  if (const auto why = pass.brakes.why_abandoned(); !why.empty())
    throw Unusable(Status::root_unusable, why);
}

// Who says so has looked whether both roots are what they should be.
bool is_forgiven(const Options& options) {
  return !options.dry_run &&
         (options.adopt || std::holds_alternative<deletion::Unlimited>(options.deletions));
}

// Replacements and deletions, the latter only if `deletions` allow it. Whatever goes wrong, what
// was done is told.
void finish_late(Pass& pass, Pipeline& pipeline, const engine::FolderRef& root, index::Index* index,
                 DeletionVerdict& deletions) {
  if (pass.terms.options.dry_run) {  // tells also of what the guard would hold
    pipeline.finish_late(root, !pass.brakes.stopping());
    return;
  }
  const auto allowed = [&] { return deletions.why_held.empty() && !pass.brakes.stopping(); };
  std::optional<CountedDeletions> counted;
  if (index != nullptr && allowed()) counted.emplace(pass).begin(deletions);
  try {
    pipeline.finish_late(root, allowed());
  } catch (const std::exception& error) {
    pass.brakes.abandon(error);
  }
  if (counted) counted->end(pass.books.removed.value());
}

// Within one file system blocks may be shared, which takes no room.
std::optional<std::uint64_t> room_of(const OpenRoots& roots, const Options& options) {
  if (!roots.destination || options.in_place) return std::nullopt;
  const bool is_within_one =
      roots.source.look().identity.id.device == roots.destination->look().identity.id.device;
  if (is_within_one && options.reflink != Reflink::never) return std::nullopt;
  return filesystem::free_bytes(*roots.destination);
}

// oneTBB ends the process where it cannot start a worker, or finds no memory while it does.
void require_means(const Workers& workers) {
  constexpr std::size_t memory_bytes = 64U << 20U;
  constexpr std::size_t others = 3;  // one runs the graph, one is TBB's own, one waits for times
  filesystem::require_threads(workers.threads + workers.io_threads + others, memory_bytes);
}

// Nothing is moved away from where it is to be kept, nor where all is to be read.
bool may_move(const Pass& pass, const index::Index& index) {
  return index.has_rows() && !pass.terms.keeps_everything() && !pass.terms.deletes_only &&
         !(pass.terms.options.dry_run && pass.terms.options.rehash);
}

// The state folder may lie in the source.
void hide(const filesystem::TreeLock& lock, Pass& pass) {
  const auto files = lock.files();
  pass.terms.state_files.insert(pass.terms.state_files.end(), files.begin(), files.end());
  const auto folders = lock.folders();
  pass.terms.state_folders.insert(pass.terms.state_folders.end(), folders.begin(), folders.end());
}

/// Hands on what several threads tell.
class OneAtATime : public Observer {
 public:
  explicit OneAtATime(Observer& observer) : observer_(observer) {}
  void on_event(const Event& event) override {
    const std::scoped_lock lock{mutex_};
    observer_.on_event(event);
  }
  void gave_up(const Summary& so_far) override {
    const std::scoped_lock lock{mutex_};
    observer_.gave_up(so_far);
  }

 private:
  Observer& observer_;
  std::mutex mutex_;
};

/// Does what a pass does, or only its deletions, so that they come before all else.
struct Phase {
  bool deletes_only = false;
  Tally removed_before{};  ///< by the one that only deletes
};

/// What the passes of one call to mirror() share.
struct Run {
  Observer& observer;
  std::stop_token stop;
  ProgressProbe* progress;
  filesystem::Calls& calls;
  LastWords& last_words;
};

// It is waited for no longer: what it has done is all that it will have done.
Summary given_up_on(Pass& pass, const engine::Recorder& recorder) {
  pass.memory.close_now();
  Summary summary = summarize(pass, recorder, {});
  summary.removed = summary.removed + pass.terms.removed_before;
  return summary;
}

Summary run_pass(const Options& asked, const Run& run, const Phase& phase = {}) {
  Observer& observer = run.observer;
  ProgressProbe* const progress = run.progress;
  const auto started = std::chrono::steady_clock::now();
  const Followed beginning{progress, started};
  const Options options = in_effect(asked);
  const std::uint64_t descriptors = claim_descriptors();
  const Workers workers = workers_within(descriptors, resolve_workers(options));
  require_means(workers);
  OpenRoots roots = open_roots(options, observer, run.stop);
  auto opened = open_index(roots, options, observer, run.stop);
  index::Index* const index = opened ? opened->index.get() : nullptr;
  if (index != nullptr && index->history().is_lost && is_forgiven(options)) index->forgive_loss();
  const index::History history = index != nullptr ? index->history() : index::History{};
  // No other run writes to the destination from here on; a dry run tells what one would do that had
  // locked it.
  const bool locked = !roots.lock || roots.lock->effective();
  Pass pass{options,
            run.stop,
            filesystem::privileges(),
            locked,
            open_limits(descriptors, workers),
            index,
            room_of(roots, options)};
  const auto backups = open_backups(options, roots);
  pass.replica.backups = backups.get();
  pass.calls = &run.calls;
  pass.terms.deletes_only = phase.deletes_only;
  pass.terms.removed_before = phase.removed_before;
  engine::Recorder recorder{observer};
  for (const std::string& notice : roots.notices)
    recorder.record(Notice{.path = {}, .text = notice});
  tell_of_reserved_name(roots, recorder);
  if (opened) {
    tell_of_index(*opened, roots, recorder);
    pass.terms.state_files = opened->files();
    pass.terms.state_folders = {opened->folder.look().identity.id};
  }
  if (roots.lock) hide(*roots.lock, pass);
  std::vector<engine::Handles::Handle> held_open;
  const auto root = make_root(pass, roots, history.met, held_open);
  std::optional<engine::Moves> moves;
  if (index != nullptr && may_move(pass, *index))
    pass.replica.moves = &moves.emplace(pass, *index, root);
  const Followed followed{progress, started, pass, recorder, history.source};
  Pipeline pipeline{pass, recorder, workers};
  std::optional<LastWords::Known> known{std::in_place, run.last_words,
                                        [&] { return given_up_on(pass, recorder); },
                                        [&] { return summarize(pass, recorder, {}); }};

  if (roots.created) recorder.record(engine::created_event(*root));
  pipeline.walk(root);
  refuse_if_abandoned(pass);
  // Everything was seen and copied, and nothing deleted yet.
  DeletionVerdict deletions;
  if (!pass.brakes.stopping()) deletions = judge_deletions(pass, history);
  if (!pass.replica.late.empty()) finish_late(pass, pipeline, root, index, deletions);
  if (backups != nullptr) backups->disarm();
  // From here on what was done is told, however the pass ends.
  if (options.flush && !options.dry_run && recorder.summary().changed_anything())
    pipeline.flush(root);

  known.reset();

  // No new actions after this.
  if (index != nullptr) tell_of_stamps(pass, recorder);
  if (backups != nullptr) tell_of_backups(*backups, recorder);
  pass.memory.outlast_coarse_stamps();
  Summary summary = summarize(pass, recorder, deletions);
  if (index != nullptr) close_index(pass, *opened, recorder, deletions, summary);
  std::this_thread::sleep_for(pass.memory.time_to_next_tick());
  summary.elapsed = std::chrono::steady_clock::now() - started;
  return summary;
}

/// Lets through what was done. What failed is tried again, and told, by the phase that follows.
class DoneOnly : public Observer {
 public:
  explicit DoneOnly(Observer& observer) : observer_(observer) {}
  void on_event(const Event& event) override {
    if (std::holds_alternative<Action>(event)) observer_.on_event(event);
  }

 private:
  Observer& observer_;
};

// What the first phase deleted is told also where the second cannot go on.
Summary run_after(const Summary& first, const Options& options, const Run& run) {
  try {
    return run_pass(options, run, {.removed_before = first.removed});
  } catch (const std::exception& error) {
    if (first.removed.entries == 0) throw;
    Summary summary;
    summary.roots = first.roots;
    summary.strict = options.strict;
    summary.given_up = error.what();
    return summary;
  }
}

Summary run_phases(const Options& options, const Run& run) {
  if (!options.delete_before || options.dry_run) return run_pass(options, run);
  DoneOnly done_only{run.observer};
  Summary first = run_pass(options, {done_only, run.stop, run.progress, run.calls, run.last_words},
                           {.deletes_only = true});
  if (!first.given_up.empty()) return first;
  Summary summary = run_after(first, options, run);
  summary.created = summary.created + first.created;  // the destination itself
  summary.removed = summary.removed + first.removed;
  summary.cleaned += first.cleaned;
  summary.elapsed += first.elapsed;
  if (first.deletions_held.empty())
    summary.deletions_wanted = summary.deletions_wanted + first.deletions_wanted;
  return summary;
}

}  // namespace

void prepare_process() {
  filesystem::raise_descriptor_limit();
  claim_descriptors();
}

Summary mirror(const Options& options, Observer& observer, std::stop_token stop,
               ProgressProbe* progress) {
  try {
    const auto began = std::chrono::steady_clock::now();
    const TimeLimit limit{options.stop_at, std::move(stop)};
    OneAtATime told{observer};
    LastWords last_words;
    filesystem::Calls calls;
    const auto tell = [&](const LateCall& call) { told.on_event(notice_of(call, options.hangs)); };
    const auto give_up = [&](const LateCall& call) {
      Summary so_far = last_words.say();
      const Failure failure = failure_of(call);
      told.on_event(failure);
      ++so_far.failures;
      so_far.first_failures.push_back(failure);
      so_far.dry_run = options.dry_run;
      so_far.strict = options.strict;
      so_far.stopped = true;
      so_far.time_is_up = limit.is_reached();
      so_far.elapsed = std::chrono::steady_clock::now() - began;
      told.gave_up(so_far);
    };
    const HangWatch watch{calls, limit.stop_token(), options.hangs, {tell, give_up}};
    const filesystem::Calls::Scope scope{calls};
    Summary summary = run_phases(options, {told, limit.stop_token(), progress, calls, last_words});
    summary.time_is_up = summary.stopped && limit.is_reached();
    return summary;
  } catch (const filesystem::SystemError& error) {
    throw Unusable(Status::root_unusable, std::string("the pass cannot go on: ") + error.what());
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::root_unusable,
                   std::string("the list of deletions cannot be kept: ") + error.what());
  }
}

}  // namespace syncline
