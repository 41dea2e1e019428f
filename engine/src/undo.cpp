// One undo on one page, and what there is to be taken back.
//
// SPDX-License-Identifier: MIT
#include "syncline/undo.h"

#include "filesystem/explained.h"
#include "filesystem/system_error.h"
#include "index/sqlite.h"
#include "kept/expire.h"
#include "kept/recording.h"
#include "pass/record.h"
#include "taking_back/bring_back.h"
#include "taking_back/choose.h"
#include "taking_back/replica.h"
#include "taking_back/take_back.h"
#include "taking_back/versions.h"

#include "syncline/pass_name.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline {
namespace {

using engine::KeptReplica;
using kept::PassRow;
using std::chrono::system_clock;

[[noreturn]] void refuse(const UndoPlace& place, RefusalCode code, std::string other = {}) {
  throw Unusable(Status::root_unusable,
                 {.code = code, .path = place.destination, .other = std::move(other)});
}

/// What libraries throw becomes a refusal of that destination.
template <typename Work>
auto guarded(const UndoPlace& place, Work work) {
  try {
    return work();
  } catch (const filesystem::SystemError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::quarantine_unusable,
                                           .path = place.destination,
                                           .operation = error.operation(),
                                           .error_number = error.error_number(),
                                           .cause = filesystem::known_cause_of(error)});
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::quarantine_unusable,
                                           .path = place.destination,
                                           .cause = error.what()});
  }
}

std::int64_t seconds_of(system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::vector<PassRow> chosen(const UndoOptions& options, const std::vector<PassRow>& passes) {
  std::vector<PassRow> targets;
  if (options.pass) {
    const auto named = engine::choose_named(passes, *options.pass);
    if (!named) refuse(options.place, RefusalCode::no_such_pass, *options.pass);
    targets = *named;
  } else if (options.to) {
    targets = engine::choose_since(passes, seconds_of(*options.to));
  } else {
    targets = engine::choose_last(passes);
  }
  if (targets.empty()) refuse(options.place, RefusalCode::nothing_to_undo);
  return targets;
}

std::string names_of(const std::vector<PassRow>& passes) {
  std::string names;
  for (const PassRow& pass : passes) names += (names.empty() ? "" : " ") + pass.name;
  return names;
}

// Its name is to be nobody else's.
system_clock::time_point free_moment(const std::vector<PassRow>& passes) {
  auto moment = system_clock::now();
  while (std::ranges::find(passes, pass_name(moment), &PassRow::name) != passes.end())
    moment += std::chrono::seconds{1};
  return moment;
}

// The row of the undo, written down before anything is done: from then on the passes are its.
PassRow begin(const kept::Store& store, kept::Journal& journal, const std::vector<PassRow>& passes,
              const std::vector<PassRow>& targets) {
  const auto moment = free_moment(passes);
  PassRow row{.name = pass_name(moment),
              .began_s = seconds_of(moment),
              .is_undo = true,
              .does_again = std::ranges::any_of(
                  targets, [](const PassRow& pass) { return pass.is_undo && !pass.does_again; }),
              .source = names_of(targets),
              .keep_s = targets.front().keep_s};
  row.id = journal.begin(row);
  for (const PassRow& target : targets) journal.set_undone(target.id, row.id);
  // Whoever is interrupted between leaves nothing that another pass would go by.
  store.hold(row.name);
  journal.commit();
  return row;
}

void end(kept::Recording& own, const Summary& summary, bool has_failed) {
  PassRow row = own.row();
  row.is_complete = !summary.stopped && !has_failed;
  row.created = summary.created.entries;
  row.replaced = summary.updated.entries;
  row.moved = summary.moved.entries + summary.moved_folders;
  row.removed = summary.removed.entries;
  row.metadata_set = summary.metadata_set;
  own.end(row);
}

// An undo that was interrupted, or in which something failed, is gone on with, if nothing came
// after it and no other is asked for.
Summary take_back(const UndoOptions& options, Observer& observer, const std::stop_token& stop) {
  const auto started = std::chrono::steady_clock::now();
  KeptReplica replica{options.place, observer, stop};
  auto journal = replica.open_journal(options.flush);
  if (!journal) refuse(options.place, RefusalCode::nothing_to_undo);
  kept::Journal& all = *journal;
  const std::vector<PassRow> passes = all.passes();
  std::vector<PassRow> targets;
  if (!options.pass && !options.to) targets = engine::choose_interrupted(passes);
  const bool goes_on = !targets.empty();
  if (!goes_on) targets = chosen(options, passes);
  engine::Recorder recorder{observer};
  Summary summary;
  bool has_failed = false;
  const auto run = [&](kept::Recording* own) {
    engine::TakeBack back{replica.root, *replica.store, all, own, recorder, stop};
    for (const PassRow& target : targets)
      if (!back(target)) break;
    summary = recorder.summary();
    summary.moved = back.moved();
    summary.moved_folders = back.moved_folders();
    summary.stopped = stop.stop_requested();
    has_failed = back.has_failed();
  };
  if (options.dry_run) {
    run(nullptr);
    summary.name = pass_name(system_clock::now());
  } else {
    PassRow row = goes_on ? passes.front() : begin(*replica.store, all, passes, targets);
    if (goes_on) replica.store->hold(row.name);
    kept::Recording own{replica.store, std::move(journal), row};
    run(&own);
    if (options.flush) replica.root->flush_filesystem();
    end(own, summary, has_failed);
    summary.name = row.name;
  }
  summary.dry_run = options.dry_run;
  summary.elapsed = std::chrono::steady_clock::now() - started;
  return summary;
}

KeptPass described(const PassRow& row, const std::vector<PassRow>& all) {
  return {.name = row.name,
          .is_undo = row.is_undo,
          .is_undone = row.undone_by != 0,
          .is_complete = row.is_complete,
          .source = row.source,
          .created = row.created,
          .replaced = row.replaced,
          .moved = row.moved,
          .removed = row.removed,
          .metadata_set = row.metadata_set,
          .bytes_kept = row.bytes_kept,
          .until = kept::expires_at(row, all, std::chrono::seconds{row.keep_s})};
}

}  // namespace

Summary undo(const UndoOptions& options, Observer& observer, std::stop_token stop) {
  return guarded(options.place, [&] { return take_back(options, observer, stop); });
}

bool release(const UndoPlace& place) {
  return guarded(place, [&] { return KeptReplica{place}.store->release(); });
}

KeptPasses list_passes(const UndoPlace& place) {
  return guarded(place, [&]() -> KeptPasses {
    KeptReplica replica{place};
    KeptPasses list{.passes = {}, .held_since = replica.store->held_since()};
    const auto journal = replica.open_journal(true);
    if (!journal) return list;
    const auto rows = journal->passes();
    for (const PassRow& row : rows) list.passes.push_back(described(row, rows));
    return list;
  });
}

std::vector<KeptVersion> list_versions(const UndoPlace& place, const std::string& path) {
  return guarded(place, [&]() -> std::vector<KeptVersion> {
    KeptReplica replica{place};
    const auto journal = replica.open_journal(true);
    if (!journal) return {};
    return engine::versions_of(*journal, path);
  });
}

Summary bring_back(const BringBack& options, Observer& observer, std::stop_token stop) {
  return guarded(options.place, [&] {
    KeptReplica replica{options.place, observer, stop};
    const auto journal = replica.open_journal(true);
    if (!journal) refuse(options.place, RefusalCode::nothing_to_undo);
    return engine::bring_back(options, replica, *journal, observer, stop);
  });
}

}  // namespace syncline
