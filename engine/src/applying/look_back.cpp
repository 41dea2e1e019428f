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

Attributes attributes_of(const Handles::Handle& root, const Action& action) {
  const std::string path = action.path.whole();
  if (path == ".") return root->attributes();
  const engine::Place place = engine::open_beneath(root, path);
  return place.folder->attributes(place.name);
}

}  // namespace

LookBack::LookBack(Handles::Handle source, Handles::Handle destination, const MetRoots& roots,
                   KeptMetadata kept)
    : source_(std::move(source)),
      destination_(std::move(destination)),
      roots_(roots),
      kept_(std::move(kept)) {}

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

// As the step was to leave it, as far as that is kept.
bool LookBack::has_metadata(const Entry& there, const Action& action) const {
  if (!action.properties) return false;
  const Properties& want = *action.properties;
  const bool is_folder = action.kind == Kind::folder;
  const bool is_link = action.kind == Kind::symlink;
  const bool has_time = !kept_.times || (is_folder && !kept_.folder_times) ||
                        (is_link && !kept_.link_times) || there.identity.mtime == want.mtime;
  return has_time && (is_folder || there.identity.size == want.size) &&
         (!kept_.mode || is_link || there.mode == want.mode) &&
         (!kept_.owner || there.uid == want.uid) && (!kept_.group || there.gid == want.gid);
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
  if (!action.link_of.empty()) {
    const auto leader = look(destination_, action.link_of.whole());
    return leader && leader->identity.id == there->identity.id;
  }
  // A copy is another file than the one that it took the place of.
  const auto& before = action.given.destination;
  const bool is_copied = action.verb == Verb::update || action.verb == Verb::replace;
  if (is_copied && before && roots_.destination.by_now(before->id) == there->identity.id)
    return false;
  return has_metadata(*there, action) &&
         attributes_of(destination_, action) == attributes_of(source_, action);
}

}  // namespace syncline::applying
