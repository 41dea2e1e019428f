// SPDX-License-Identifier: MIT
#include "support/source_pass.h"

#include "deferred/deletions.h"
#include "filesystem/calls.h"
#include "filesystem/directory.h"
#include "filesystem/process.h"
#include "flow/pipeline.h"
#include "pass/pass.h"
#include "pass/passes.h"
#include "pass/record.h"
#include "replica/disposal.h"
#include "tell/report.h"
#include "walk/applier.h"
#include "walk/moves.h"
#include "walk/teller.h"

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace syncline::test {
namespace {

constexpr Workers few_workers{.threads = 2, .io_threads = 2};
constexpr engine::OpenLimits few_open{.folders = 16, .files = 16};

std::unique_ptr<engine::StepSink> sink_of(engine::Pass& pass) {
  if (pass.terms.options.dry_run) return std::make_unique<engine::Teller>(pass);
  return std::make_unique<engine::Applier>(pass);
}

/// A pass over one destination, from its opening to its end.
class Mirrored {
 public:
  Mirrored(const Options& options, engine::Source& source, const Destination& to,
           filesystem::Calls& calls)
      : told_(to.hook),
        recorder_(told_),
        pass_(options, source, to.stop, filesystem::privileges(), true, few_open, to.index),
        sink_(sink_of(pass_)) {
    pass_.recorder = &recorder_;
    pass_.calls = &calls;
    pass_.replica.sink = sink_.get();
    pass_.replica.disposal = &engine::unlinking();
    make_root(to.folder);
    if (to.index != nullptr && to.index->has_rows())
      pass_.replica.moves = &moves_.emplace(pass_, *to.index, root_);
  }

  [[nodiscard]] engine::Pass& pass() { return pass_; }
  [[nodiscard]] const engine::FolderRef& root() const { return root_; }

  Pass finish(Pipeline& pipeline) {
    DeletionVerdict deletions;
    if (!pass_.brakes.stopping()) deletions = judge_deletions(pass_, {});
    if (!pass_.replica.deferred.empty())
      pipeline.finish_deferred(root_, !deletions.held && !pass_.brakes.stopping());
    // What the next pass relies on must be older than any change to come.
    pass_.memory.outlast_coarse_stamps();
    std::this_thread::sleep_for(pass_.memory.time_to_next_tick());
    told_.pass_ended();
    Pass done;
    done.summary = summarize(pass_, recorder_, deletions);
    done.actions = std::move(told_.actions);
    done.failures = std::move(told_.failures);
    done.notices = std::move(told_.notices);
    done.proofs = std::move(told_.proofs);
    return done;
  }

 private:
  void make_root(const engine::Handles::View& destination) {
    root_ =
        std::make_shared<engine::Folder>(nullptr, std::string{}, engine::Folder::Role::mirrored);
    root_->pass = &pass_;
    root_->source = pass_.source.open_root(*root_);
    root_->destination = destination->look();
    pass_.terms.adapt(*root_, *root_->source);
    pass_.terms.roots.source = root_->source->identity.id;
    pass_.terms.roots.destination = root_->destination->identity.id;
    pass_.terms.root_paths = {pass_.terms.options.source, pass_.terms.options.destination};
    root_->wanted = filter::Wanted{pass_.terms.listed.get()};
    root_->has_row = pass_.memory.is_usable();
    root_->row.key = index::root_row;
    root_->there.id = pass_.terms.roots.destination;
    held_open_ = pass_.handles.keep(*root_, sink_->see(destination));
  }

  Recorder told_;
  engine::Recorder recorder_;
  engine::Pass pass_;
  const std::unique_ptr<engine::StepSink> sink_;
  engine::FolderRef root_;
  engine::Handles::View held_open_;
  std::optional<engine::Moves> moves_;
};

std::vector<Pass> run(engine::Source& source, const std::vector<Destination>& destinations,
                      const Options& options) {
  filesystem::Calls calls;
  std::deque<Mirrored> all;
  std::vector<engine::Pass*> passes;
  std::vector<engine::FolderRef> roots;
  for (const Destination& to : destinations) {
    Mirrored& made = all.emplace_back(options, source, to, calls);
    passes.push_back(&made.pass());
    made.root()->from = all.front().root()->from;
    roots.push_back(made.root());
  }
  Pipeline pipeline{engine::Passes{passes}, few_workers};
  pipeline.walk(roots);
  std::vector<Pass> done;
  for (Mirrored& each : all) done.push_back(each.finish(pipeline));
  return done;
}

}  // namespace

Destination folder_at(const std::string& path) {
  auto opened = filesystem::Directory::open_root(path);
  return {.folder = std::make_shared<const filesystem::Directory>(std::move(opened))};
}

Pass run_from(engine::Source& source, const std::string& destination, const Options& options) {
  Options how = options;
  how.destination = destination;
  return std::move(run_from(source, {folder_at(destination)}, how).front());
}

std::vector<Pass> run_from(engine::Source& source, const std::vector<Destination>& destinations,
                           const Options& options) {
  Options how = options;
  how.source = "/elsewhere/";
  return run(source, destinations, how);
}

Pass tell_from(engine::Source& source, std::shared_ptr<const filesystem::OpenFolder> destination,
               const Options& options) {
  return std::move(
      tell_from(source, {Destination{.folder = std::move(destination)}}, options).front());
}

std::vector<Pass> tell_from(engine::Source& source, const std::vector<Destination>& destinations,
                            Options options) {
  options.source = "/elsewhere/";
  options.destination = "/nowhere";
  options.dry_run = true;
  return run(source, destinations, options);
}

}  // namespace syncline::test
