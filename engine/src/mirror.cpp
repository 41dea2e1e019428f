// One pass on one page.
//
// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include "deferred/deletions.h"
#include "ending/close_index.h"
#include "ending/hang_watch.h"
#include "ending/last_words.h"
#include "ending/time_limit.h"
#include "filesystem/process.h"
#include "filesystem/storage.h"
#include "filesystem/system_error.h"
#include "flow/pipeline.h"
#include "one_pass.h"
#include "opening/backup_root.h"
#include "opening/index_file.h"
#include "opening/opening.h"
#include "opening/process_limits.h"
#include "opening/quarantine.h"
#include "opening/roots.h"
#include "pass/given.h"
#include "source/local_source.h"
#include "tell/one_at_a_time.h"
#include "tell/progress.h"
#include "tell/report.h"
#include "walk/applier.h"
#include "walk/list.h"
#include "walk/moves.h"
#include "walk/teller.h"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace syncline {
namespace {

using engine::FolderRef;
using engine::Pass;
using filesystem::LateCall;

/// What mirror() hands on.
struct Run {
  Observer& observer;
  std::stop_token stop;
  ProgressProbe* progress;
  filesystem::Calls& calls;
  LastWords& last_words;
  const PassHooks& hooks;
};

// Who says so has looked whether both roots are what they should be.
bool is_forgiven(const Options& options) {
  return !options.dry_run &&
         (options.adopt || std::holds_alternative<deletion::Unlimited>(options.deletions));
}

// Within one file system blocks may be shared, which takes no room.
std::optional<std::uint64_t> room_of(const OpenRoots& roots, const Options& options) {
  if (!roots.destination || options.in_place) return std::nullopt;
  const bool is_within_one =
      roots.source.look().identity.id.device == roots.destination->look().identity.id.device;
  if (is_within_one && options.reflink != Reflink::never) return std::nullopt;
  return filesystem::free_bytes(*roots.destination);
}

// The state folder may lie in the source.
void hide(const filesystem::TreeLock& lock, Pass& pass) {
  const auto files = lock.files();
  pass.terms.state_files.insert(pass.terms.state_files.end(), files.begin(), files.end());
  const auto folders = lock.folders();
  pass.terms.state_folders.insert(pass.terms.state_folders.end(), folders.begin(), folders.end());
}

/// Everything that a pass has open. No other run writes to the destination while it lives; a dry
/// run tells what one would do that had locked it.
struct Opened {
  Opened(const Options& options, const Run& run)
      : descriptors(claim_descriptors()),
        workers(claim_workers(descriptors, resolve_workers(options))),
        roots(open_free_roots(options, run)),
        index_file(open_index(roots, options, run.observer, run.stop)),
        index(index_file ? index_file->index.get() : nullptr),
        history(history_of(index, options)),
        limits(open_limits(descriptors, workers)),
        source(limits.folders),
        recorder(run.observer),
        pass(options, source, run.stop, filesystem::privileges(),
             !roots.lock || roots.lock->effective(), limits, index, room_of(roots, options)),
        sink(sink_of(pass)),
        backups(open_backups(options, roots)),
        quarantine(open_quarantine(options, roots)) {
    pass.replica.sink = sink.get();
    pass.replica.disposal = &engine::disposal_by(backups.get());
    if (quarantine) {
      pass.replica.disposal = &quarantine->disposal;
      pass.replica.intentions = &quarantine->intentions;
    }
    pass.replica.admission = run.hooks.admission;
    pass.recorder = &recorder;
    pass.calls = &run.calls;
    if (index_file) {
      pass.terms.state_files = index_file->files();
      pass.terms.state_folders = {index_file->folder.look().identity.id};
    }
    if (roots.lock) hide(*roots.lock, pass);
  }

  const std::uint64_t descriptors;
  const Workers workers;
  OpenRoots roots;
  std::optional<OpenIndex> index_file;
  index::Index* const index;  ///< nullptr: none is used
  const index::History history;
  const engine::OpenLimits limits;
  engine::LocalSource source;
  engine::Recorder recorder;
  Pass pass;
  const std::unique_ptr<engine::StepSink> sink;
  const std::unique_ptr<engine::Backups> backups;
  const std::unique_ptr<OpenQuarantine> quarantine;
  std::vector<engine::Handles::View> held_open;

 private:
  // Nobody's undo is being looked at.
  static OpenRoots open_free_roots(const Options& options, const Run& run) {
    OpenRoots roots = open_roots(options, run.observer, run.stop);
    refuse_if_held(options, roots);
    return roots;
  }

  static std::unique_ptr<engine::StepSink> sink_of(Pass& pass) {
    if (pass.terms.options.dry_run) return std::make_unique<engine::Teller>(pass);
    return std::make_unique<engine::Applier>(pass);
  }

  static index::History history_of(index::Index* index, const Options& options) {
    if (index == nullptr) return {};
    if (index->history().is_lost && is_forgiven(options)) index->forgive_loss();
    return index->history();
  }
};

// Whoever refuses leaves nothing behind.
void tell_begun(const Opened& opened, const PassHooks& hooks) {
  if (!hooks.began) return;
  try {
    hooks.began({.roots = opened.roots,
                 .index = opened.index,
                 .index_path = opened.index_file ? opened.index_file->path : "",
                 .last_pass = opened.history.last_pass});
  } catch (const Unusable&) {
    unmake_destination(opened.roots, opened.pass.terms.options);
    throw;
  }
}

void tell_of_opening(Opened& opened) {
  engine::Recorder& recorder = opened.recorder;
  for (const Notice& notice : opened.roots.notices) recorder.record(notice);
  tell_of_reserved_name(opened.roots, recorder);
  if (opened.index_file) tell_of_index(*opened.index_file, opened.roots, recorder);
}

// Nothing is moved away from where it is to be kept; nor is that told where all is read.
bool may_move(const Pass& pass, const index::Index& index) {
  const Options& options = pass.terms.options;
  const bool is_all_read = options.dry_run && options.rehash && !options.read_to_decide;
  return index.has_rows() && !pass.terms.keeps_everything() && !is_all_read;
}

// As long as nothing was deleted; else what was done is told.
void refuse_if_abandoned(const Pass& pass) {
  auto why = pass.brakes.why_abandoned();
  if (why && pass.recorder->summary().removed.entries == 0)
    throw Unusable(Status::root_unusable, *std::move(why));
}

// Replacements and deletions, the latter only if `deletions` allow it. Whatever goes wrong, what
// was done is told.
void finish_deferred(Pass& pass, Pipeline& pipeline, const engine::FolderRef& root,
                     index::Index* index, DeletionVerdict& deletions) {
  if (pass.terms.options.dry_run) {  // tells also of what the guard would hold
    pipeline.finish_deferred(root, !pass.brakes.stopping());
    return;
  }
  const auto allowed = [&] { return !deletions.held && !pass.brakes.stopping(); };
  std::optional<CountedDeletions> counted;
  if (index != nullptr && allowed()) counted.emplace(pass).begin(deletions);
  try {
    pipeline.finish_deferred(root, allowed());
  } catch (const std::exception& error) {
    pass.brakes.abandon(error);
  }
  if (counted) counted->end();
}

// Walks from `root`, and does what waits for the end of that. Returns what was said to deletions.
DeletionVerdict walk(Opened& opened, Pipeline& pipeline, const FolderRef& root) {
  Pass& pass = opened.pass;
  pipeline.walk({root});
  refuse_if_abandoned(pass);
  // Everything was seen and copied, and nothing deleted yet.
  DeletionVerdict deletions;
  if (!pass.brakes.stopping()) deletions = judge_deletions(pass, opened.history);
  if (!pass.replica.deferred.empty())
    finish_deferred(pass, pipeline, root, opened.index, deletions);
  return deletions;
}

// A walk that copies nothing, so that deletions come before all else. Returns the root to begin
// with once more.
FolderRef delete_first(Opened& opened, Pipeline& pipeline, const FolderRef& root) {
  Pass& pass = opened.pass;
  engine::Recorder& recorder = opened.recorder;
  pass.terms.deletes_only = true;
  recorder.record_only_actions(true);
  walk(opened, pipeline, root);
  recorder.record_only_actions(false);
  pass.terms.deletes_only = false;
  pass.memory.show_written();
  pass.replica.deferred.clear();
  pass.census.begin_again(recorder.summary().removed);
  if (!pass.memory.failure()) pass.brakes.allow_deletions_again();
  try {
    return make_root_again(pass, *root, opened.held_open);
  } catch (const std::exception& error) {
    if (recorder.summary().removed.entries == 0) throw;
    pass.brakes.abandon(error);  // what was deleted is told
    return root;
  }
}

// No new actions after this.
Summary conclude(Opened& opened, const DeletionVerdict& deletions) {
  Pass& pass = opened.pass;
  engine::Recorder& recorder = opened.recorder;
  if (opened.index != nullptr) tell_of_stamps(pass, recorder);
  if (opened.backups) tell_of_backups(*opened.backups, recorder);
  if (opened.quarantine)
    for (const Event& event : close_quarantine(*opened.quarantine, *pass.terms.options.undo,
                                               summarize(pass, recorder, deletions)))
      recorder.record(event);
  pass.memory.outlast_coarse_stamps();
  Summary summary = summarize(pass, recorder, deletions);
  if (opened.index != nullptr) close_index(pass, *opened.index_file, recorder, deletions, summary);
  std::this_thread::sleep_for(pass.memory.time_to_next_tick());
  return summary;
}

Summary run_pass(const Options& asked, const Run& run) {
  const auto started = std::chrono::steady_clock::now();
  const Followed beginning{run.progress, started};
  const Options options = in_effect(asked);
  Opened opened{options, run};
  Pass& pass = opened.pass;
  engine::Recorder& recorder = opened.recorder;
  tell_begun(opened, run.hooks);
  tell_of_opening(opened);
  opened.source.set_root(std::move(opened.roots.source));
  FolderRef root = make_root(pass, opened.roots, opened.history.met, opened.held_open);
  const Followed followed{run.progress, started, pass, recorder, opened.history.source};
  Pipeline pipeline{engine::Passes{{&pass}}, opened.workers};
  std::optional<LastWords::Known> known{std::in_place, run.last_words,
                                        [&] {  // it is waited for no longer
                                          pass.memory.close_now();
                                          return summarize(pass, recorder, {});
                                        },
                                        [&] { return summarize(pass, recorder, {}); }};

  if (root->created) {
    recorder.record(engine::created_event(*root));
    if (run.hooks.admission != nullptr)  // no pass begins without it
      static_cast<void>(run.hooks.admission->allowed(".", engine::given(*root)));
  }
  if (options.delete_before && !options.dry_run && !root->created)
    root = delete_first(opened, pipeline, root);
  std::optional<engine::Moves> moves;
  if (opened.index != nullptr && may_move(pass, *opened.index))
    pass.replica.moves = &moves.emplace(pass, *opened.index, root);
  const DeletionVerdict deletions = walk(opened, pipeline, root);
  if (opened.backups) opened.backups->disarm();
  // From here on what was done is told, however the pass ends.
  if (options.flush && !options.dry_run && recorder.summary().changed_anything())
    pipeline.flush(root);
  known.reset();

  Summary summary = conclude(opened, deletions);
  summary.elapsed = std::chrono::steady_clock::now() - started;
  return summary;
}

}  // namespace

void prepare_process() {
  filesystem::raise_descriptor_limit();
  claim_descriptors();
}

Summary mirror(const Options& options, Observer& observer, std::stop_token stop,
               ProgressProbe* progress) {
  return one_pass(options, observer, std::move(stop), progress, {});
}

Summary one_pass(const Options& options, Observer& observer, std::stop_token stop,
                 ProgressProbe* progress, const PassHooks& hooks) {
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
    Summary summary =
        run_pass(options, {told, limit.stop_token(), progress, calls, last_words, hooks});
    summary.time_is_up = summary.stopped && limit.is_reached();
    return summary;
  } catch (const filesystem::SystemError& error) {
    throw Unusable(Status::root_unusable,
                   {.code = RefusalCode::cannot_go_on, .cause = error.what()});
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::list_lost, .cause = error.what()});
  }
}

}  // namespace syncline
