// SPDX-License-Identifier: MIT
#include "support/source_pass.h"

#include "filesystem/calls.h"
#include "filesystem/directory.h"
#include "filesystem/process.h"
#include "flow/pipeline.h"
#include "late/deletions.h"
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

engine::FolderRef root_of(engine::Pass& pass) {
  auto root =
      std::make_shared<engine::Folder>(nullptr, std::string{}, engine::Folder::Role::mirrored);
  root->source = pass.source.open_root(*root);
  pass.terms.adapt(*root, *root->source);
  pass.terms.roots.source = root->source->identity.id;
  pass.terms.root_paths = {pass.terms.options.source, pass.terms.options.destination};
  root->wanted = filter::Wanted{pass.terms.listed.get()};
  return root;
}

}  // namespace

Pass run_from(engine::Source& source, const std::string& destination, Options options) {
  options.source = "/elsewhere/";
  options.destination = destination;
  Recorder told;
  engine::Recorder recorder{told};
  filesystem::Calls calls;
  engine::Pass pass{options, source, {}, filesystem::privileges(), true, few_open, nullptr};
  pass.calls = &calls;
  const auto sink = sink_of(pass);
  pass.replica.sink = sink.get();
  const auto root = root_of(pass);
  auto opened = filesystem::Directory::open_root(destination);
  root->destination = opened.look();
  pass.terms.roots.destination = root->destination->identity.id;
  root->side(engine::Side::destination).id = pass.terms.roots.destination;
  const auto held_open =
      pass.handles.keep(*root, engine::Side::destination, sink->see(std::move(opened)));
  Pipeline pipeline{pass, recorder, few_workers};
  pipeline.walk(root);
  const DeletionVerdict deletions = judge_deletions(pass, {});
  if (!pass.replica.late.empty()) pipeline.finish_late(root, !deletions.held);
  told.pass_ended();
  Pass done;
  done.summary = summarize(pass, recorder, deletions);
  done.actions = std::move(told.actions);
  done.failures = std::move(told.failures);
  done.notices = std::move(told.notices);
  done.proofs = std::move(told.proofs);
  return done;
}

}  // namespace syncline::test
