// One pass on one page.
//
// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include "filesystem/process.h"
#include "filesystem/system_error.h"
#include "pipeline.h"
#include "roots.h"
#include "stages/guard.h"
#include "stages/list.h"

#include <algorithm>

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
stages::FolderRef make_root(Pass& pass, OpenRoots& roots,
                            std::vector<stages::Handles::Handle>& held_open) {
  auto root =
      std::make_shared<stages::Folder>(nullptr, std::string{}, stages::Folder::Role::mirrored);
  root->source = roots.source.look();
  pass.roots.source = root->source->identity.id;
  root->created = roots.created;
  root->side(Side::source).id = pass.roots.source;
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

DeletionVerdict judge_deletions(const Pass& pass) {
  const Tally wanted = pass.totals.deletions_wanted.value();
  if (wanted.entries == 0) return {};
  if (const auto why = pass.why_deletions_suppressed(); !why.empty())
    return {.why_held = "nothing was deleted, since not everything could be seen: " + why,
            .by_guard = false};
  if (const auto why =
          stages::why_held_back(pass.options.deletions, wanted, pass.totals.destination.value()))
    return {.why_held = *why, .by_guard = true};
  return {};
}

Summary summarize(const Pass& pass, const stages::Recorder& recorder,
                  const DeletionVerdict& deletions) {
  Summary summary = recorder.summary();
  const stages::Totals& totals = pass.totals;
  summary.roots = pass.roots;
  summary.dry_run = pass.options.dry_run;
  summary.stopped = pass.stopping();
  summary.source = totals.source.value();
  summary.destination = totals.destination.value();
  summary.source_folders = totals.source_folders;
  summary.proved = totals.proved.value();
  summary.unproven = totals.unproven.value();
  summary.bytes_read = totals.bytes_read;
  summary.bytes_hashed = totals.bytes_hashed;
  summary.deletions_wanted = totals.deletions_wanted.value();
  summary.deletions_held = deletions.why_held;
  summary.deletions_held_by_guard = deletions.by_guard;
  return summary;
}

void refuse_if_abandoned(const Pass& pass) {
  if (const auto why = pass.why_abandoned(); !why.empty())
    throw Unusable(Status::root_unusable, why);
}

Summary run_pass(const Options& options, Observer& observer, std::stop_token stop) {
  const auto started = std::chrono::steady_clock::now();
  OpenRoots roots = open_roots(options);
  // No other run writes to the destination from here on; a dry run tells what one would do that had
  // locked it.
  const bool locked = !roots.lock || roots.lock->effective();
  Pass pass{options, std::move(stop), filesystem::privileges(), locked, open_limits()};
  std::vector<stages::Handles::Handle> held_open;
  const auto root = make_root(pass, roots, held_open);
  stages::Recorder recorder{observer};
  Pipeline pipeline{pass, recorder, resolve_workers(options)};

  if (roots.created) recorder.record(stages::created_event(*root));
  pipeline.walk(root);
  refuse_if_abandoned(pass);
  // Everything was seen and copied, and nothing deleted yet.
  DeletionVerdict deletions;
  if (!pass.stopping()) deletions = judge_deletions(pass);
  if (!options.dry_run && !pass.late.empty())
    pipeline.finish_late(root, deletions.why_held.empty() && !pass.stopping());
  // No new actions after this.
  refuse_if_abandoned(pass);
  if (options.flush && !options.dry_run && recorder.summary().changed_anything())
    pipeline.flush(root);

  Summary summary = summarize(pass, recorder, deletions);
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
