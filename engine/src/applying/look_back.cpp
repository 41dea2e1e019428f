// SPDX-License-Identifier: MIT
#include "applying/look_back.h"

#include "deferred/open_place.h"
#include "filesystem/directory.h"
#include "filesystem/system_error.h"
#include "pass/given.h"

#include <cerrno>
#include <utility>

namespace syncline::applying {
namespace {

using engine::Handles;

bool means_not_there(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP;
}

std::optional<Entry> look(const Handles::Handle& root, const std::string& path) {
  if (!root) return std::nullopt;
  if (path == ".") return root->look();
  try {
    const engine::Place place = engine::open_beneath(root, path);
    return place.folder->look(place.name);
  } catch (const filesystem::SystemError& error) {
    if (means_not_there(error.error_number())) return std::nullopt;
    throw;
  }
}

std::optional<Precondition> precondition_of(const std::optional<Entry>& entry) {
  if (!entry) return std::nullopt;
  return engine::source_precondition_of(*entry);
}

}  // namespace

LookBack::LookBack(Handles::Handle source, Handles::Handle destination, const MetRoots& roots,
                   bool times)
    : source_(std::move(source)),
      destination_(std::move(destination)),
      roots_(roots),
      times_(times) {}

std::optional<FailureCode> LookBack::why_left(const PlanStep& step) const {
  const Action& action = step.action;
  const Preconditions& given = action.given;
  const auto source = look(source_, action.path.whole());
  const auto there = look(destination_, action.path.whole());
  if (is_done(step, source, there)) return std::nullopt;
  if (!holds(given.source, precondition_of(source), roots_.source))
    return FailureCode::source_not_as_planned;
  const bool is_moved = action.verb == Verb::move;
  const auto met = is_moved ? look(destination_, action.moved_from.whole()) : there;
  if (!holds(given.destination, precondition_of(met), roots_.destination) ||
      (is_moved && !holds(given.exchanged, precondition_of(there), roots_.destination)))
    return FailureCode::destination_not_as_planned;
  return FailureCode::not_as_planned;
}

bool LookBack::is_done(const PlanStep& step, const std::optional<Entry>& source,
                       const std::optional<Entry>& there) const {
  const Action& action = step.action;
  if (action.verb == Verb::remove || action.verb == Verb::clean) return !there;
  if (!there || there->kind != action.kind) return false;
  if (action.verb == Verb::move) {
    const auto& moved = action.given.destination;
    return moved && roots_.destination.by_now(moved->id) == there->identity.id;
  }
  if (!source || source->kind != action.kind || source->target != there->target) return false;
  if (action.kind == Kind::folder) return action.verb != Verb::set_metadata;
  const bool is_same_time = !times_ || source->identity.mtime == there->identity.mtime;
  return source->identity.size == there->identity.size && is_same_time;
}

}  // namespace syncline::applying
