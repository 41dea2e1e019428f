// SPDX-License-Identifier: MIT
#include "walk/batch_removals.h"

#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/select.h"
#include "replica/disposal.h"
#include "walk/extraneous.h"

#include <optional>
#include <utility>

namespace syncline::engine {

void BatchRemovals::remove(const std::string& name, const Entry& destination) {
  if (pass_.terms.keeps_everything() || is_mounted(name, destination)) return;
  const bool is_folder = destination.kind == Kind::folder;
  const bool is_kept = is_protected(pass_, *folder_, name, is_folder) ||  // since it was listed
                       pass_.replica.disposal->holds_root(destination) ||
                       (!is_folder && !may_remove(name, destination));
  if (is_kept)
    folder_->holds_protected = true;
  else if (is_folder)
    remove_folder(name, destination, folder_->gives_way);
  else
    steps_.removals.push_back({.name = name,
                               .kind = destination.kind,
                               .seen = destination.identity,
                               .properties = properties_of(destination)});
}

// What changes places with something is met anew when it goes.
bool BatchRemovals::may_remove(const std::string& name, const Entry& destination) const {
  const auto path = [&] { return path_of(*folder_, name); };
  if (folder_->role == Folder::Role::mirrored && pass_.replica.admission != nullptr)
    return pass_.replica.admission->expects(path().whole(), Verb::remove);
  return allowed(pass_, path, [&] { return given(*folder_, std::nullopt, destination); })
      .has(Verb::remove);
}

void BatchRemovals::remove_folder(const std::string& name, const Entry& destination,
                                  bool gives_way) {
  if (folder_->role == Folder::Role::mirrored)
    steps_.extraneous.push_back({.name = name, .gives_way = gives_way});
  else
    steps_.walk_into(make_extraneous(folder_, name, gives_way, destination));
}

bool BatchRemovals::may_displace(const std::string& name, const Entry& destination) {
  const Disposal& disposal = *pass_.replica.disposal;
  std::optional<FailureCode> why;
  if (pass_.terms.keeps_everything())
    why = pass_.terms.listed ? FailureCode::kept_unlisted : FailureCode::kept_undeleted;
  else if (disposal.keeps_beside() || disposal.holds_root(destination))
    why = FailureCode::kept_for_backup;
  if (!why) return !is_mounted(name, destination);
  steps_.events.emplace_back(failure_of(path_of(*folder_, name), FailureKind::error, *why));
  return false;
}

// What is mounted there is somebody's other file system, which the source need not know of.
bool BatchRemovals::is_mounted(const std::string& name, const Entry& destination) {
  if (!destination.mount_root) return false;
  Failure failure =
      failure_of(path_of(*folder_, name), FailureKind::error, FailureCode::mount_point);
  // A folder that gives way would be moved, and the mount with it.
  if (folder_->gives_way) pass_.brakes.suppress_deletions(failure);
  steps_.events.emplace_back(std::move(failure));
  return true;
}

}  // namespace syncline::engine
