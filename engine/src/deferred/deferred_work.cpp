// SPDX-License-Identifier: MIT
#include "deferred/deferred_work.h"

#include "filesystem/discard.h"
#include "filesystem/own_names.h"
#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/patience.h"
#include "pass/select.h"
#include "pass/step_sink.h"
#include "replica/disposal.h"
#include "replica/intentions.h"
#include "walk/settle.h"

#include <cerrno>
#include <span>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::OpenFolder;
using filesystem::SystemError;

void exchange_or_move(const Directory& folder, const std::string& temporary,
                      const std::string& name) {
  if (folder.exchange(temporary, name)) return;
  const std::string aside = filesystem::temporary_name();
  folder.rename(name, aside);
  folder.rename(temporary, name);
  folder.rename(aside, temporary);
}

// A folder's size and times move as it is emptied: it is recognised by what it is.
bool is_still(const OpenFolder& folder, const Entry& now, const index::Removal& removal) {
  if (now.kind != removal.kind || !may_be_same(folder, removal.seen.id, now.identity.id))
    return false;
  return now.kind == Kind::folder ||
         (now.identity.size == removal.seen.size && now.identity.mtime == removal.seen.mtime);
}

// Answers whether the source has something of a name by now.
class SourceView {
 public:
  SourceView(Pass& pass, Folder& folder) : pass_(pass), folder_(&folder) {
    // In a folder that the source lacked it is enough that it still lacks the topmost such one.
    const Folder* const top = folder.top_extraneous;
    if (top != nullptr) folder_ = top->parent.get();
    is_there_ = pass.source.has(*folder_);
    if (top == nullptr || !is_there_) return;
    const auto found = look(top->name);
    // Where something else could not take its place, that is there of course.
    has_all_ =
        found && (found->kind == Kind::folder || !top->gives_way) && names().contains(top->name);
    is_there_ = false;
  }

  /// Of everything in such a folder. That it stays is told of the topmost one, or of what was to
  /// take the place of that.
  [[nodiscard]] bool has_all() const { return has_all_; }
  /// Where it folds case that may be for a name that is spelled otherwise: names() tells.
  [[nodiscard]] bool answers_to(const std::string& name) const {
    return is_there_ && look(name).has_value();
  }
  [[nodiscard]] filesystem::Listing names() const { return pass_.source.names(*folder_); }

 private:
  // What is hidden is not there.
  [[nodiscard]] std::optional<Entry> look(const std::string& name) const {
    auto found = pass_.source.look_at({*folder_}, name);
    if (found && is_hidden(pass_, *folder_, name, found->kind == Kind::folder)) return std::nullopt;
    return found;
  }

  const Pass& pass_;
  Folder* folder_;         ///< the deepest one that both sides have
  bool is_there_ = false;  ///< and there still is something to be looked at
  bool has_all_ = false;
};

class Remover {
  auto reporter(const index::Removal& removal) {
    return [this, &removal](Failure failure) {
      if (may_hold_ && may_pass(failure.error_number) && !is_mounted(removal.name)) {
        page_.held.push_back(removal);
        return;
      }
      if (may_pass(failure.error_number)) explain_held(failure);
      page_.events.emplace_back(std::move(failure));
    };
  }

  // That does not go away by itself.
  [[nodiscard]] bool is_mounted(const std::string& name) const {
    try {
      const auto now = destination_->look(name);
      return now && now->mount_root;
    } catch (const SystemError&) {
      return true;
    }
  }

 public:
  Remover(Pass& pass, Folder& folder, Handles::View destination, DeferredWork::Page& page,
          bool may_hold)
      : pass_(pass),
        folder_(folder),
        source_(pass, folder),
        destination_(std::move(destination)),
        page_(page),
        may_hold_(may_hold) {}

  void remove(const index::Removal& removal) {
    if (source_.has_all()) return;
    attempt(
        folder_, removal.name,
        [&] {
          if (source_.answers_to(removal.name))
            answered_to_.push_back(removal);
          else
            remove_unless_changed(removal);
        },
        reporter(removal));
  }

  /// After the last one: those that the source answered to, by one listing for all.
  void end() {
    if (answered_to_.empty()) return;
    attempt(
        folder_, {},
        [&] {
          const auto names = source_.names();
          for (const index::Removal& removal : answered_to_)
            attempt(
                folder_, removal.name,
                [&] {
                  if (names.contains(removal.name))
                    keep(removal, appeared);
                  else
                    remove_unless_changed(removal);
                },
                reporter(removal));
        },
        [&](Failure failure) { page_.events.emplace_back(std::move(failure)); });
  }

 private:
  static constexpr FailureCode appeared = FailureCode::appeared_in_source;

  void remove_unless_changed(const index::Removal& removal) {
    const auto now = destination_->look(removal.name);
    if (!now) return;
    if (is_still(*destination_, *now, removal))
      unlink(removal, *now);
    else
      keep(removal, FailureCode::changed_in_destination);
  }

  void keep(const index::Removal& removal, FailureCode why) {
    page_.events.emplace_back(failure_of(path_of(folder_, removal.name), FailureKind::error, why));
  }

  // What gave way to a step goes with it, under another name by now.
  [[nodiscard]] bool may_remove(const index::Removal& removal, const Entry& now) const {
    return removal.gave_way || allowed(
                                   pass_, [&] { return path_of(folder_, removal.name); },
                                   [&] { return given(folder_, std::nullopt, now); })
                                   .has(Verb::remove);
  }

  void unlink(const index::Removal& removal, const Entry& now) {
    if (!may_remove(removal, now)) return leave(pass_, path_of(folder_, removal.name));
    const bool is_gone = pass_.replica.sink->remove(folder_, removal, now);
    // What gave way was told of when its place was taken.
    if (is_gone && !removal.gave_way) tell(removal, now);
  }

  [[nodiscard]] bool is_kept_of(const index::Removal& removal) const {
    return pass_.replica.disposal->keeps() && removal.kind != Kind::folder &&
           !pass_.replica.disposal->is_kept_beside(removal.name);
  }

  void tell(const index::Removal& removal, const Entry& now) {
    Action action = removal_of(folder_, removal);
    if (is_kept_of(removal)) action.reason = {ReasonCode::not_in_source_backed_up};
    action.properties = properties_of(now);
    action.given = given(folder_, std::nullopt, now);
    page_.events.emplace_back(std::move(action));
  }

  Pass& pass_;
  Folder& folder_;
  SourceView source_;
  Handles::View destination_;
  DeferredWork::Page& page_;
  const bool may_hold_;
  std::vector<index::Removal> answered_to_;
};

Entry as_seen(const index::Removal& removal) {
  Entry entry;
  entry.identity = removal.seen;
  entry.kind = removal.kind;
  return entry;
}

void write_down(Folder& folder, std::span<const index::Removal> removals,
                IntentionGroup& intentions) {
  for (const index::Removal& removal : removals) {
    if (removal.kind == Kind::folder)
      intentions.removes_folder(folder, removal.name);
    else
      intentions.leaves(folder, removal.name, as_seen(removal));
  }
  intentions.secure();
}

}  // namespace

void DeferredWork::replace(const index::Replacement& replacement) {
  const auto folder = folders_.at(replacement.folder);
  const auto directory = pass_.handles.get(*folder);
  const auto old = directory->look(replacement.name);
  Intentions* const intentions = pass_.replica.intentions;
  if (!old || old->kind != Kind::folder) {  // that has been moved
    if (intentions != nullptr) {
      const auto coming = directory->look(replacement.temporary);
      if (!coming) throw SystemError("look at", replacement.temporary, ENOENT);
      intentions->arrive(*folder, replacement.name, left_as(*folder, *coming, true));
      pass_.replica.disposal->make_way(pass_, *folder, replacement.name);
    }
    directory->rename(replacement.temporary, replacement.name);
    return;
  }
  if (intentions != nullptr) intentions->exchange(*folder, replacement.name, replacement.temporary);
  exchange_or_move(*directory, replacement.temporary, replacement.name);
  pass_.replica.deferred.note_moved_aside(replacement.folder, replacement.name,
                                          replacement.temporary, old->identity);
}

void DeferredWork::discard(const index::Replacement& replacement) {
  const auto folder = folders_.at(replacement.folder);
  if (const auto view = open_if_there(pass_, *folder))
    filesystem::discard_name(*view->directory(), replacement.temporary, replacement.id);
}

// What could not be put into its place is removed again, as far as that goes; else it is litter for
// the next run.
void DeferredWork::put_in_place(const index::Replacement& replacement) {
  try {
    replace(replacement);
  } catch (const SystemError&) {
    discard(replacement);
    throw;
  }
}

std::vector<Event> DeferredWork::replace_folders() {
  std::vector<Event> events;
  for (const index::Replacement& replacement : pass_.replica.deferred.replacements()) {
    const auto folder = folders_.at(replacement.folder);
    const bool is_told = pass_.replica.sink->only_tells();
    const bool is_obstacle =
        !is_told && pass_.replica.deferred.is_obstacle(replacement.folder, replacement.name);
    const bool go_on = allowed_ && !pass_.brakes.stopping() && !is_obstacle;
    std::optional<Entry> placed;
    std::optional<Entry> gives_way;
    const auto act = [&] {
      if (is_told) {
        placed = pass_.source.look_at({*folder}, replacement.name);
        gives_way = pass_.handles.view(*folder)->look(replacement.name);
        return;
      }
      if (!go_on) return discard(replacement);
      put_in_place(replacement);
      placed = pass_.handles.get(*folder)->look(replacement.name);
    };
    const bool done = attempt(*folder, replacement.name, act,
                              [&](Failure failure) { events.emplace_back(std::move(failure)); });
    if (!done || !go_on) continue;
    Action action{.verb = Verb::replace,
                  .kind = replacement.kind,
                  .path = path_of(*folder, replacement.name),
                  .reason = {ReasonCode::other_kind, Kind::folder},
                  .bytes = replacement.bytes,
                  .digest = {},
                  .replaced = Kind::folder,
                  .given = given(*folder, placed, gives_way)};
    if (placed) {  // as the source has it
      action.properties = properties_of(*placed);
      action.target = placed->target;
    }
    events.emplace_back(std::move(action));
  }
  folders_.names_changed();  // of those that gave way
  return events;
}

std::optional<std::string> DeferredWork::remove_page(Folder& folder, index::FolderKey key,
                                                     const std::string& after, Page& page) {
  const auto removals = pass_.replica.deferred.removals_in(key, after, page_names);
  if (removals.empty()) return std::nullopt;
  IntentionGroup intentions{pass_};
  if (pass_.replica.intentions != nullptr) write_down(folder, removals, intentions);
  Remover remover{pass_, folder, pass_.handles.view(folder), page, true};
  for (const index::Removal& removal : removals) {
    if (pass_.brakes.stopping()) return std::nullopt;
    remover.remove(removal);
  }
  remover.end();
  if (removals.size() < page_names) return std::nullopt;
  return removals.back().name;
}

void DeferredWork::settle(Folder& folder, const index::DeferredFolder& row, Page& page) {
  const ExceptionRef known = pass_.memory.exception_of(folder);
  const MetadataResult result =
      pass_.replica.sink->set_metadata(folder, *row.settle_as, known.get(), page.edits);
  if (result.failure) throw filesystem::ExplainedError(*result.failure);
}

template <typename Remove>
DeferredWork::Page DeferredWork::finish_by(index::FolderKey key, Remove remove) {
  Page page;
  const auto folder = folders_.at(key);
  attempt(
      *folder, {},
      [&] {
        const bool removes = allowed_ && !pass_.brakes.stopping();
        const index::DeferredFolder row = pass_.replica.deferred.folder(key);
        if (!removes && !row.settle_as) return;
        if (!open_if_there(pass_, *folder)) return;
        if (removes) remove(*folder, page);
        if (!page.after && page.held.empty() && row.settle_as) settle(*folder, row, page);
      },
      [&](Failure failure) { page.events.emplace_back(std::move(failure)); });
  return page;
}

DeferredWork::Page DeferredWork::finish(index::FolderKey key, const std::string& after) {
  return finish_by(
      key, [&](Folder& folder, Page& page) { page.after = remove_page(folder, key, after, page); });
}

DeferredWork::Page DeferredWork::finish_held(index::FolderKey key,
                                             const std::vector<index::Removal>& held,
                                             bool may_hold) {
  return finish_by(key, [&](Folder& folder, Page& page) {
    IntentionGroup intentions{pass_};
    if (pass_.replica.intentions != nullptr) write_down(folder, held, intentions);
    Remover remover{pass_, folder, pass_.handles.view(folder), page, may_hold};
    for (const index::Removal& removal : held) {
      if (pass_.brakes.stopping()) return;
      remover.remove(removal);
    }
    remover.end();
  });
}

}  // namespace syncline::engine
