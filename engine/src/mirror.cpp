// One pass on one page.
//
// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include "filesystem/ancestors.h"
#include "filesystem/paths.h"
#include "filesystem/process.h"
#include "filesystem/system_error.h"
#include "index_file.h"
#include "pipeline.h"
#include "roots.h"
#include "stages/clock.h"
#include "stages/guard.h"
#include "stages/list.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace syncline {
namespace {

using stages::Pass;
using stages::Side;

// Few enough for the usual limit of 1,024 with room for everything else.
stages::OpenLimits open_limits() {
  const std::uint64_t allowed = filesystem::raise_descriptor_limit();
  const auto part = [&](std::uint64_t divisor, std::uint64_t most) {
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(allowed / divisor, 8, most));
  };
  return {.folders = part(4, 512), .files = part(8, 4096)};
}

// Throws SystemError.
stages::FolderRef make_root(Pass& pass, OpenRoots& roots, bool is_known,
                            std::vector<stages::Handles::Handle>& held_open) {
  auto root =
      std::make_shared<stages::Folder>(nullptr, std::string{}, stages::Folder::Role::mirrored);
  root->source = roots.source.look();
  pass.roots.source = root->source->identity.id;
  root->created = roots.created;
  root->side(Side::source).id = pass.roots.source;
  root->has_row = pass.has_index();
  root->row.key = index::root_row;
  if (is_known) root->row.source = pass.roots.source;
  held_open.push_back(pass.handles.keep(*root, Side::source, std::move(roots.source)));
  if (roots.destination) {
    root->destination = roots.destination->look();
    pass.roots.destination = root->destination->identity.id;
    root->side(Side::destination).id = pass.roots.destination;
    held_open.push_back(pass.handles.keep(*root, Side::destination, std::move(*roots.destination)));
  }
  return root;
}

struct DeletionVerdict {
  std::string why_held;  ///< empty: they may happen
  bool by_guard = false;
};

DeletionVerdict judge_deletions(const Pass& pass, const index::History& history,
                                bool is_begun_anew) {
  const Tally wanted = pass.totals.deletions_wanted.value();
  if (wanted.entries == 0) return {};
  const std::string again = history.held_passes == 0
                                ? ""
                                : ". Deletions have been held back for " +
                                      std::to_string(history.held_passes + 1) + " passes now";
  if (const auto why = pass.why_deletions_suppressed(); !why.empty())
    return {.why_held = "nothing was deleted, since not everything could be seen: " + why + again,
            .by_guard = false};
  if (is_begun_anew)
    return {.why_held =
                "nothing was deleted in the pass that began a new index, since what was "
                "mounted and what was deleted lately is not known any more: the next one "
                "goes on",
            .by_guard = true};
  const auto why = stages::why_held_back(
      pass.options.deletions,
      {.wanted = wanted,
       .held = pass.totals.destination.value(),
       .is_known = history.met,
       .removed = history.removed,
       .examples = pass.unwanted(),
       .nested = filesystem::join_path(pass.options.destination,
                                       filesystem::split_path(pass.options.source).name)});
  if (why) return {.why_held = *why + again, .by_guard = true};
  return {};
}

// What is about to be deleted unasked counts against the next 24 hours, come what may: where that
// cannot be written down, nothing is deleted.
class CountedDeletions {
 public:
  CountedDeletions(Pass& pass, index::Index& index)
      : pass_(pass),
        index_(index),
        is_counted_(std::holds_alternative<deletion::Guarded>(pass.options.deletions)),
        wanted_(pass.totals.deletions_wanted.value()) {}

  void begin(DeletionVerdict& verdict) {
    if (!is_counted_ || wanted_.entries == 0) return;
    if (!count(as_signed(wanted_.entries), as_signed(wanted_.bytes)))
      verdict.why_held = "nothing was deleted, since the index, which counts deletions, failed";
  }

  /// Takes back what was not removed after all.
  void end(const Tally& removed) {
    if (began_s_ == 0 || removed.entries >= wanted_.entries) return;
    count(as_signed(removed.entries) - as_signed(wanted_.entries),
          as_signed(removed.bytes) - as_signed(wanted_.bytes));
  }

 private:
  static std::int64_t as_signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }

  bool count(std::int64_t entries, std::int64_t bytes) {
    if (!pass_.has_index()) return false;
    try {
      if (began_s_ == 0) began_s_ = stages::to_seconds(stages::now_ns());
      index_.count_removals(entries, bytes, began_s_);
      return true;
    } catch (const index::SqliteError& error) {
      pass_.index_failed(error);
      return false;
    }
  }

  Pass& pass_;
  index::Index& index_;
  const bool is_counted_;
  const Tally wanted_;
  std::int64_t began_s_ = 0;
};

ReadReasons reasons_to_read(const stages::Totals& totals) {
  using stages::Standing;
  const auto of = [&](Standing standing) {
    return totals.files.at(static_cast<std::size_t>(standing)).value();
  };
  ReadReasons reasons{.unknown = of(Standing::unknown),
                      .source_moved = of(Standing::source_moved),
                      .destination_moved = of(Standing::destination_moved),
                      .both_moved = of(Standing::both_moved),
                      .unsure = {},
                      .asked = of(Standing::asked)};
  for (const Standing unsure : {Standing::source_unsure, Standing::destination_unsure,
                                Standing::both_unsure, Standing::rotten}) {
    reasons.unsure.entries += of(unsure).entries;
    reasons.unsure.bytes += of(unsure).bytes;
  }
  return reasons;
}

Summary summarize(const Pass& pass, const stages::Recorder& recorder,
                  const DeletionVerdict& deletions) {
  using stages::Standing;
  Summary summary = recorder.summary();
  const stages::Totals& totals = pass.totals;
  summary.roots = pass.roots;
  summary.dry_run = pass.options.dry_run;
  summary.stopped = pass.stopping();
  summary.source = totals.source.value();
  summary.destination = totals.destination.value();
  summary.source_folders = totals.source_folders;
  summary.proved = totals.proved.value();
  summary.standing = totals.files.at(static_cast<std::size_t>(Standing::proved)).value();
  summary.unproven = totals.files.at(static_cast<std::size_t>(Standing::accepted)).value();
  summary.to_compare = totals.to_compare.value();
  summary.again = totals.again.value();
  summary.read_because = reasons_to_read(totals);
  summary.ctime_moved = totals.ctime_moved;
  summary.silent = totals.silent;
  summary.doubtful = totals.doubtful;
  summary.repaired = totals.repaired;
  summary.bytes_read = totals.bytes_read;
  summary.bytes_hashed = totals.bytes_hashed;
  summary.deletions_wanted = totals.deletions_wanted.value();
  summary.deletions_held = deletions.why_held;
  summary.deletions_held_by_guard = deletions.by_guard;
  if (summary.standing.entries > 0)
    summary.oldest_proof =
        std::chrono::system_clock::time_point{std::chrono::seconds{totals.oldest_proof_s.load()}};
  return summary;
}

// An ordinary chmod -R, a restored backup or a new hard link moves ctime and costs a reading, which
// is worth a word when it happens to most files.
void tell_of_ctime_storm(const Pass& pass, stages::Recorder& recorder) {
  constexpr std::uint64_t worth_a_word = 100;
  const stages::Totals& totals = pass.totals;
  std::uint64_t files = 0;
  for (const stages::SharedTally& tally : totals.files) files += tally.entries;
  const std::uint64_t moved = totals.ctime_moved;
  if (moved < worth_a_word || 2 * moved < files) return;
  recorder.record(Notice{
      .path = {},
      .text =
          std::to_string(100 * moved / files) + " % of the files " +
          (pass.options.dry_run && !pass.options.rehash ? "would be" : "were") +
          " read again in the source: ctime moved, size and mtime the same (a chmod, a chown or "
          "new hard links of the whole tree does that)"});
}

void tell_of_weak_stamps(const Pass& pass, stages::Recorder& recorder) {
  for (const auto& [side, name] :
       {std::pair{Side::source, "source"}, std::pair{Side::destination, "destination"}})
    if (pass.is_weak(side))
      recorder.record(Notice{
          .path = {},
          .text = std::string("a file system of the ") + name +
                  " has no ctime or inode numbers to rely on: a change that keeps size and mtime "
                  "is only seen there with --rehash"});
}

// What the index has to say before the walk.
void tell_of_index(const OpenIndex& opened, const OpenRoots& roots, stages::Recorder& recorder) {
  for (const std::string& notice : opened.notices)
    recorder.record(Notice{.path = {}, .text = notice});
  if (filesystem::lies_within(opened.folder, roots.source))
    recorder.record(Notice{.path = {},
                           .text = "the index '" + opened.path +
                                   "' lies in the source: its own files are not mirrored"});
}

// Leaves what the pass learned on the disk. From here on nothing is written to the index.
void close_index(Pass& pass, OpenIndex& opened, stages::Recorder& recorder, Summary& summary) {
  const bool writes = !pass.options.dry_run || pass.options.rehash;
  const bool is_news =
      summary.changed_anything() || !summary.deletions_held.empty() || !opened.index->history().met;
  try {
    if (writes && pass.has_index())
      opened.index->finish(
          is_news && !pass.options.dry_run
              ? std::optional{index::PassRow{.ended_s = stages::to_seconds(stages::now_ns()),
                                             .status = summary.status(),
                                             .source = summary.source,
                                             .destination = summary.destination,
                                             .created = summary.created.entries,
                                             .updated = summary.updated.entries,
                                             .removed = summary.removed.entries,
                                             .held = !summary.deletions_held.empty()}}
              : std::nullopt);
  } catch (const index::SqliteError& error) {
    pass.index_failed(error);
  }
  opened.index.reset();
  summary.index = opened.path;
  std::string aside;
  auto failure = pass.index_failure();
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
  ++summary.failures;
  if (summary.first_failures.size() < 10) summary.first_failures.push_back(event);
}

void refuse_if_abandoned(const Pass& pass) {
  if (const auto why = pass.why_abandoned(); !why.empty())
    throw Unusable(Status::root_unusable, why);
}

// What is done depends on what was asked for and on where our own files are.
Options in_effect(const Options& asked) {
  Options options = asked;
  if (options.restore) options.deletions = deletion::None{};
  return options;
}

Summary run_pass(const Options& asked, Observer& observer, std::stop_token stop) {
  const auto started = std::chrono::steady_clock::now();
  const Options options = in_effect(asked);
  OpenRoots roots = open_roots(options, observer, stop);
  std::optional<OpenIndex> opened;
  if (roots.index_file && !options.restore)
    opened = roots.index_file->open(
        roots.pair, options, roots.destination ? &*roots.destination : nullptr, observer, stop);
  index::Index* const index = opened ? opened->index.get() : nullptr;
  const index::History history = index != nullptr ? index->history() : index::History{};
  // No other run writes to the destination from here on; a dry run tells what one would do that had
  // locked it.
  const bool locked = !roots.lock || roots.lock->effective();
  Pass pass{options, std::move(stop), filesystem::privileges(), locked, open_limits(), index};
  stages::Recorder recorder{observer};
  if (opened) {
    tell_of_index(*opened, roots, recorder);
    pass.index_files = opened->files();
    pass.index_folder = opened->folder.look().identity.id;
  }
  std::vector<stages::Handles::Handle> held_open;
  const auto root = make_root(pass, roots, history.met, held_open);
  Pipeline pipeline{pass, recorder, resolve_workers(options)};

  if (roots.created) recorder.record(stages::created_event(*root));
  pipeline.walk(root);
  refuse_if_abandoned(pass);
  // Everything was seen and copied, and nothing deleted yet.
  DeletionVerdict deletions;
  if (!pass.stopping()) deletions = judge_deletions(pass, history, opened && opened->is_begun_anew);
  if (!options.dry_run && !pass.late.empty()) {
    std::optional<CountedDeletions> counted;
    if (index != nullptr && deletions.why_held.empty() && !pass.stopping())
      counted.emplace(pass, *index).begin(deletions);
    pipeline.finish_late(root, deletions.why_held.empty() && !pass.stopping());
    if (counted) counted->end(recorder.summary().removed);
  }
  refuse_if_abandoned(pass);
  if (options.flush && !options.dry_run && recorder.summary().changed_anything())
    pipeline.flush(root);

  // No new actions after this.
  if (index != nullptr) {
    tell_of_weak_stamps(pass, recorder);
    tell_of_ctime_storm(pass, recorder);
  }
  Summary summary = summarize(pass, recorder, deletions);
  if (index != nullptr) close_index(pass, *opened, recorder, summary);
  std::this_thread::sleep_for(pass.time_to_next_tick());
  summary.elapsed = std::chrono::steady_clock::now() - started;
  return summary;
}

}  // namespace

Summary mirror(const Options& options, Observer& observer, std::stop_token stop) {
  try {
    return run_pass(options, observer, std::move(stop));
  } catch (const filesystem::SystemError& error) {
    throw Unusable(Status::root_unusable, "the pass cannot begin: could not " + error.operation() +
                                              ": " + error.code().message());
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::root_unusable,
                   std::string("the list of deletions cannot be kept: ") + error.what());
  }
}

}  // namespace syncline
