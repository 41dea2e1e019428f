// SPDX-License-Identifier: MIT
#include "support/source_pass.h"

#include "deferred/deletions.h"
#include "filesystem/calls.h"
#include "filesystem/directory.h"
#include "filesystem/process.h"
#include "flow/pipeline.h"
#include "pass/pass.h"
#include "tell/report.h"
#include "walk/applier.h"
#include "walk/teller.h"

#include <memory>
#include <utility>

namespace syncline::test {
namespace {

constexpr Workers few_workers{.threads = 2, .io_threads = 2};
constexpr engine::OpenLimits few_open{.folders = 16, .files = 16};

std::unique_ptr<engine::StepSink> sink_of(engine::Pass& pass) {
  if (pass.terms.options.dry_run) return std::make_unique<engine::Teller>(pass);
  return std::make_unique<engine::Applier>(pass);
}

engine::FolderRef root_of(engine::Pass& pass, engine::Handles::View& destination) {
  auto root =
      std::make_shared<engine::Folder>(nullptr, std::string{}, engine::Folder::Role::mirrored);
  root->pass = &pass;
  root->source = pass.source.open_root(*root);
  root->destination = destination->look();
  pass.terms.adapt(*root, *root->source);
  pass.terms.roots.source = root->source->identity.id;
  pass.terms.roots.destination = root->destination->identity.id;
  pass.terms.root_paths = {pass.terms.options.source, pass.terms.options.destination};
  root->wanted = filter::Wanted{pass.terms.listed.get()};
  root->there.id = pass.terms.roots.destination;
  destination = pass.handles.keep(*root, pass.replica.sink->see(std::move(destination)));
  return root;
}

Pass run(engine::Source& source, engine::Handles::View destination, const Options& options) {
  Recorder told;
  engine::Recorder recorder{told};
  filesystem::Calls calls;
  engine::Pass pass{options, source, {}, filesystem::privileges(), true, few_open, nullptr};
  pass.recorder = &recorder;
  pass.calls = &calls;
  const auto sink = sink_of(pass);
  pass.replica.sink = sink.get();
  const auto root = root_of(pass, destination);
  Pipeline pipeline{engine::Passes{{&pass}}, few_workers};
  pipeline.walk({root});
  const DeletionVerdict deletions = judge_deletions(pass, {});
  if (!pass.replica.deferred.empty()) pipeline.finish_deferred(root, !deletions.held);
  told.pass_ended();
  Pass done;
  done.summary = summarize(pass, recorder, deletions);
  done.actions = std::move(told.actions);
  done.failures = std::move(told.failures);
  done.notices = std::move(told.notices);
  done.proofs = std::move(told.proofs);
  return done;
}

}  // namespace

Pass run_from(engine::Source& source, const std::string& destination, const Options& options) {
  Options how = options;
  how.source = "/elsewhere/";
  how.destination = destination;
  auto opened = filesystem::Directory::open_root(destination);
  return run(source, std::make_shared<const filesystem::Directory>(std::move(opened)), how);
}

Pass tell_from(engine::Source& source, std::shared_ptr<const filesystem::OpenFolder> destination,
               Options options) {
  options.source = "/elsewhere/";
  options.destination = "/nowhere";
  options.dry_run = true;
  return run(source, std::move(destination), options);
}

}  // namespace syncline::test
