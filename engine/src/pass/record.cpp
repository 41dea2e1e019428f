// SPDX-License-Identifier: MIT
#include "pass/record.h"

namespace syncline::engine {
namespace {

constexpr std::size_t most_failures_kept = 10;

void add(Tally& tally, const Action& action) {
  ++tally.entries;
  tally.bytes += action.bytes;
}

}  // namespace

void Recorder::record(const Event& event) {
  if (only_actions_ && !std::holds_alternative<Action>(event)) return;
  const std::scoped_lock lock{mutex_};
  std::visit([this](const auto& what) { count(what); }, event);
  observer_.on_event(event);
}

void Recorder::count(const Action& action) {
  switch (action.verb) {
    case Verb::create:
      add(summary_.created, action);
      break;
    case Verb::update:
    case Verb::replace:
      add(summary_.updated, action);
      break;
    case Verb::set_metadata:
      ++summary_.metadata_set;
      break;
    case Verb::remove:
      add(summary_.removed, action);
      break;
    case Verb::clean:
      ++summary_.cleaned;
      break;
    case Verb::move:  // by the walk, with what came along
    case Verb::check:
    case Verb::keep:
      break;
  }
}

void Recorder::count(const Failure& failure) {
  ++failures_;
  switch (failure.kind) {
    case FailureKind::error:
      ++summary_.failures;
      break;
    case FailureKind::vanished:
    case FailureKind::changed:
      ++summary_.source_moved;
      break;
    case FailureKind::left:
      ++summary_.left;
      break;
    case FailureKind::unverified:
    case FailureKind::rot:
    case FailureKind::doubt:
      ++summary_.suspect;
      break;
  }
  if (summary_.first_failures.size() < most_failures_kept) {
    summary_.first_failures.push_back(failure);
    // As it is shown: what a long one is made from ends with the pass.
    summary_.first_failures.back().path = Path{std::string{failure.path}};
  }
}

}  // namespace syncline::engine
