// SPDX-License-Identifier: MIT
#include "support/passes.h"

#include "support/disk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <system_error>
#include <utility>
#include <variant>

namespace syncline {

void PrintTo(Status status, std::ostream* out) {
  *out << "status " << static_cast<int>(status);
}

namespace test {
namespace {

std::uint64_t count(const Pass& pass, Verb verb) {
  return static_cast<std::uint64_t>(
      std::ranges::count(pass.actions, verb, [](const Action& action) { return action.verb; }));
}

std::uint64_t bytes(const Pass& pass, Verb verb) {
  std::uint64_t sum = 0;
  for (const Action& action : pass.actions) {
    if (action.verb == verb) sum += action.bytes;
  }
  return sum;
}

void expect_one_story(const Pass& pass) {
  const Summary& summary = pass.summary;
  EXPECT_EQ(summary.created.entries, count(pass, Verb::create));
  EXPECT_EQ(summary.created.bytes, bytes(pass, Verb::create));
  EXPECT_EQ(summary.updated.entries, count(pass, Verb::update) + count(pass, Verb::replace));
  EXPECT_EQ(summary.updated.bytes, bytes(pass, Verb::update) + bytes(pass, Verb::replace));
  EXPECT_EQ(summary.metadata_set, count(pass, Verb::set_metadata));
  EXPECT_GE(summary.moved.entries + summary.moved_folders, count(pass, Verb::move));
  EXPECT_EQ(summary.cleaned, count(pass, Verb::clean));
  EXPECT_EQ(summary.failures + summary.source_moved + summary.suspect, pass.failures.size());
  EXPECT_EQ(summary.first_failures.size(), std::min<std::size_t>(pass.failures.size(), 10));
  EXPECT_GE(summary.deletions_wanted.entries, summary.removed.entries);
  EXPECT_GT(summary.elapsed.count(), 0);
  for (const Action& action : pass.actions)
    EXPECT_FALSE(action.path.empty() || action.path.starts_with('/')) << printable(action.path);
}

}  // namespace

Recorder::Recorder(std::function<void(const Event&)> hook) : hook_(std::move(hook)) {}

void Recorder::on_event(const Event& event) {
  EXPECT_FALSE(in_use_.exchange(true)) << "two events at the same time";
  EXPECT_FALSE(ended_) << "an event after the pass";
  if (const auto* action = std::get_if<Action>(&event)) actions.push_back(*action);
  if (const auto* failure = std::get_if<Failure>(&event)) failures.push_back(*failure);
  if (const auto* notice = std::get_if<Notice>(&event)) notices.push_back(*notice);
  if (const auto* proof = std::get_if<Proof>(&event)) proofs.push_back(*proof);
  if (hook_) hook_(event);
  in_use_ = false;
}

std::vector<std::string> Pass::paths(Verb verb) const {
  std::vector<std::string> found;
  for (const Action& action : actions) {
    if (action.verb == verb) found.push_back(action.path);
  }
  std::ranges::sort(found);
  return found;
}

const Action* Pass::action_at(const std::string& path) const {
  const auto found = std::ranges::find(actions, path, &Action::path);
  return found == actions.end() ? nullptr : &*found;
}

Pass run_pass(const Options& options, const std::function<void(const Event&)>& hook,
              const std::stop_token& stop) {
  Recorder recorder(hook);
  Pass pass;
  pass.summary = mirror(options, recorder, stop);
  recorder.pass_ended();
  pass.actions = std::move(recorder.actions);
  pass.failures = std::move(recorder.failures);
  pass.notices = std::move(recorder.notices);
  pass.proofs = std::move(recorder.proofs);
  expect_one_story(pass);
  return pass;
}

Pass run_ok(const Options& options) {
  Pass pass = run_pass(options);
  EXPECT_EQ(pass.status(), Status::done);
  for (const Failure& failure : pass.failures) {
    ADD_FAILURE() << printable(failure.path) << ": " << failure.operation << ": "
                  << std::generic_category().message(failure.error_number) << ' '
                  << in_codes(failure);
  }
  return pass;
}

Pass mirror_ok(const std::string& source, const std::string& destination, Options options) {
  options.source = source;
  options.destination = destination;
  options.free_at_first = true;
  return run_ok(options);
}

std::string in_codes(const Failure& failure) {
  std::string text = failure.path + ": ";
  text += to_string(failure.code);
  for (const std::string& part : {failure.operation, failure.name, failure.cause})
    if (!part.empty()) text.append(", ").append(part);
  if (failure.error_number != 0 && failure.cause.empty())
    text += ": " + std::generic_category().message(failure.error_number);
  return text;
}

std::optional<Status> refusal(const Options& options) {
  Recorder recorder;
  try {
    mirror(options, recorder, {});
  } catch (const Unusable& reason) {
    const std::string_view line = reason.what();
    EXPECT_FALSE(line.empty());
    EXPECT_EQ(line.find('\n'), std::string_view::npos) << line;
    return reason.status();
  }
  return std::nullopt;
}

std::string why_refused(const Options& options) {
  Recorder recorder;
  try {
    mirror(options, recorder, {});
  } catch (const Unusable& reason) {
    return reason.what();
  }
  return {};
}

Options between(const std::string& source, const std::string& destination) {
  Options options;
  options.source = source;
  options.destination = destination;
  options.free_at_first = true;
  return options;
}

std::vector<std::string> temporaries_in(const std::string& root) {
  std::vector<std::string> found;
  const Tree tree = snapshot(root);
  for (const auto& [path, entry] : tree.entries()) {
    const std::string name = name_of(path);
    const bool is_ours = name.ends_with(".tmp") || name.ends_with(".part");
    if (name.starts_with(".syncline-") && is_ours) found.push_back(path);
  }
  return found;
}

}  // namespace test
}  // namespace syncline
