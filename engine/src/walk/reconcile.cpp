// SPDX-License-Identifier: MIT
#include "walk/reconcile.h"

#include "content/partial.h"
#include "content/remember.h"
#include "filesystem/clock.h"
#include "filesystem/own_names.h"
#include "filter/transfer_rules.h"
#include "model/handover.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "pass/select.h"
#include "replica/disposal.h"
#include "replica/exceptions.h"
#include "replica/holding.h"
#include "replica/keep.h"
#include "replica/refused_names.h"
#include "replica/unchanged.h"
#include "walk/batch_counts.h"
#include "walk/batch_links.h"
#include "walk/batch_look.h"
#include "walk/batch_removals.h"
#include "walk/batch_rows.h"
#include "walk/case.h"
#include "walk/make_steps.h"
#include "walk/moved_files.h"
#include "walk/needs.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

namespace syncline::engine {
namespace {

// What only the destination has, and the folders where there may be more of that.
bool concerns_deletions(const std::optional<Entry>& source,
                        const std::optional<Entry>& destination) {
  if (!destination) return false;
  return !source || (source->kind == Kind::folder && destination->kind == Kind::folder);
}

// Its content goes before anything is copied, and it itself when something takes its place.
bool is_displaced(const std::optional<Entry>& source, const std::optional<Entry>& destination) {
  return source && source->kind != Kind::folder && destination && destination->kind == Kind::folder;
}

bool is_in(const std::vector<FileId>& files, const std::optional<Entry>& entry) {
  return entry && std::ranges::find(files, entry->identity.id) != files.end();
}

// What replaces a file's content brings its attributes along, whatever the old ones were.
bool is_to_be_told(const Pass& pass, const Case& it) {
  return pass.terms.options.all_differences && it.is_file() && it.destination &&
         it.destination->kind == Kind::file;
}

// Of what would be changed, or made anew for that alone.
bool is_handover(const Case& it) {
  if (const auto* const overwrite = std::get_if<verdict::Overwrite>(&it.verdict))
    return overwrite->changes_hands;
  return it.is<verdict::Prove>() &&
         changes_hands(*it.destination, *it.source,
                       difference(*it.source, *it.destination, *it.means));
}

// A symlink or special file that could not be made the last time.
bool is_known_not_to_be(const Pass& pass, const Case& it) {
  return it.exception && it.source && !it.is_file() && it.source->kind != Kind::folder &&
         !it.is<verdict::SetMetadata>() &&
         is_unmade(it.exception.get(), *it.source, it.destination, pass.terms.privileges.user);
}

// All names of the stretch were met.
void forget_gone(Pass& pass, const Folder& folder, index::Rows::Gone gone, Steps& steps) {
  std::ranges::move(gone.edits, std::back_inserter(steps.edits));
  for (const auto& [name, edit] : gone.mount_points) {
    if (pass.terms.options.adopt) {
      steps.edits.emplace_back(edit);
      continue;
    }
    Failure failure =
        failure_of(path_of(folder, name), FailureKind::error, FailureCode::no_mount_point);
    pass.brakes.suppress_deletions(failure);
    steps.events.emplace_back(std::move(failure));
  }
}

// One batch at work.
class Reconciler {
 public:
  explicit Reconciler(const Meeting& meeting)
      : pass_(*meeting.folder->pass),
        folder_(meeting.folder),
        batch_(meeting.batch),
        trust_(pass_.terms.trust_in(*folder_)),
        rows_(pass_.memory, rows_of(pass_, *folder_, batch_)),
        look_(pass_, *folder_, batch_.names, is_first(), steps_.events),
        removals_(pass_, folder_, steps_),
        links_(pass_, *folder_, trust_, look_, rows_, removals_, steps_),
        moved_(pass_, *folder_, batch_, look_, counts_, steps_),
        make_(pass_, folder_, batch_, rows_, counts_, removals_, steps_) {}

  BatchLook& look() { return look_; }

  /// After look() has seen the source.
  Steps reconcile() {
    auto seen = look_.look_in_destination();
    for (std::size_t i = 0; i < seen.size() && !pass_.brakes.stopping(); ++i)
      reconcile(batch_.names[i], seen[i], batch_.chosen.empty() ? nullptr : &batch_.chosen[i]);
    if (!batch_.was_held && !pass_.brakes.stopping())
      forget_gone(pass_, *folder_, rows_.gone(), steps_);
    counts_.finish(pass_, steps_.events);
    return std::move(steps_);
  }

 private:
  static std::unique_ptr<index::Rows> rows_of(Pass& pass, const Folder& folder,
                                              const Batch& batch) {
    if (!folder.usable || !folder.has_row) return nullptr;
    return pass.memory.rows(batch.stretch, batch.chosen.empty() ? take_part_in(pass, folder)
                                                                : index::Rows::TakesPart{});
  }

  // Nobody has met these names before, in this pass.
  [[nodiscard]] bool is_first() const { return !batch_.was_held && !pass_.terms.deletes_only; }

  void reconcile(const NamePair& pair, Seen& seen, const Chosen* chosen) {
    auto& [source, destination, failed] = seen;
    if (destination && moved_.have_moved_on() && !look_.look_in_destination(pair.name, destination))
      failed = true;
    if (pass_.terms.deletes_only && !failed && !concerns_deletions(source, destination)) {
      rows_.keep(pair.name);
      if (!batch_.was_held) counts_.meet(source, destination);
      if (is_displaced(source, destination) && removals_.may_displace(pair.name, *destination))
        removals_.remove_folder(pair.name, *destination, true);
      return;
    }
    if (failed || (pair.in_source && !source)) rows_.keep(pair.name);
    if (source && destination) pass_.terms.adapt_to(*source, *destination);
    if (!failed) sort(pair, {pair.name, source, destination, chosen});
  }

  void sort(const NamePair& pair, Case it) {
    const std::string& name = it.name;
    const std::optional<Entry>& source = it.source;
    const std::optional<Entry>& destination = it.destination;
    if (is_in(pass_.terms.state_files, source)) return;  // told of once, before the walk
    if (!batch_.was_held) counts_.meet(source, destination);
    if (is_in(pass_.terms.options.own_files, source) ||
        is_in(pass_.terms.options.own_files, destination)) {
      notice(name, NoticeCode::own_file);
    } else if (pair.in_source && !source) {
      steps_.events.emplace_back(failure_of(path_of(*folder_, name), FailureKind::vanished,
                                            FailureCode::vanished_in_walk));
    } else if (filesystem::is_temporary_name(name)) {
      sort_temporary(it);
    } else if (destination && pass_.replica.disposal->is_root(*destination)) {
      if (source) notice(name, NoticeCode::holds_backups);
    } else if (source && pass_.terms.withholds_device(*folder_, *source)) {
      rows_.keep(name);
      if (!batch_.was_held) pass_.books.unkept.add(Aspect::special_file, *folder_, name);
    } else if (source || destination) {
      decide(it);
    }
  }

  void notice(const std::string& name, NoticeCode code) {
    steps_.events.emplace_back(Notice{.path = path_of(*folder_, name), .code = code});
  }

  void sort_temporary(const Case& it) {
    if (it.source) notice(it.name, NoticeCode::temporary_name);
    if (!it.destination) return;
    if (!pass_.terms.locked)
      notice(it.name, NoticeCode::maybe_temporary);
    else if (it.destination->kind == Kind::folder ||
             (folder_->role == Folder::Role::extraneous && filesystem::is_partial_name(it.name)))
      removals_.remove(it.name, *it.destination);  // much work may be in it: with its folder
    else if (may_clean(pass_, *folder_, it.name))
      steps_.litter.push_back(it.name);
  }

  void decide(Case& it) {
    if (is_left_alone(it) || !is_still(it)) return;
    it.exception = rows_.exception(it.name);
    if (is_refused(it) || !recognise(it) || !judge(it) || !lead(it)) return;
    note(it);
    if (it.is<verdict::Same>())
      end_same(it);
    else if (is_known_not_to_be(pass_, it))
      pass_.books.unkept.add(aspect_of(it.source->kind), *folder_, it.name);
    else
      make_.step_of(it);
  }

  bool is_left_alone(const Case& it) {
    if (!it.source || it.chosen != nullptr ||
        !filter::leaves_alone(pass_.terms.options.transfer, *it.source, it.destination, now_ns_))
      return false;
    rows_.keep(it.name);
    counts_.leave_alone(*it.source);
    return true;
  }

  // False: it is told of.
  bool is_still(const Case& it) {
    if (it.chosen == nullptr || is_still_of(it.chosen->group, *folder_, it.source)) return true;
    steps_.events.emplace_back(parted(path_of(*folder_, it.name), it.source));
    return false;
  }

  // True: the destination does not allow that name, which is told.
  bool is_refused(Case& it) {
    if (it.source && !it.destination) {
      auto refusal = refusal_of(pass_, *folder_, it.name, it.exception.get(), steps_.edits);
      if (refusal) steps_.events.emplace_back(std::move(*refusal));
      if (refusal) return true;
    }
    if (it.exception && !it.exception->refused_by.empty()) {  // it is not any more
      note_exception(folder_->row.key, it.name, it.exception.get(), nullptr, steps_.edits);
      it.exception.reset();
    }
    return false;
  }

  [[nodiscard]] LinkedName linked(const Case& it) const {
    return {it.name, *it.source, it.destination, it.found.known, it.exception.get()};
  }

  // What is known of it, and what the destination has of it. False: it follows another name, or
  // waits.
  bool recognise(Case& it) {
    if (it.is_file()) it.found.known = rows_.file(it.name);
    if (it.is_of_group()) {
      if (links_.follows(linked(it))) return false;
    } else if (it.is_file() && it.chosen == nullptr &&
               moved_.is_strange(*it.source, it.found.known)) {
      it.found = moved_.find(it.name, *it.source, it.destination, it.found.known);
      if (it.found.is_held) return false;
    }
    it.names_there = it.destination ? it.destination->links : 0;
    // To change it changes nobody else's file.
    if (it.chosen != nullptr && it.destination && it.chosen->owned == it.destination->identity.id)
      it.destination->links = 1;
    return true;
  }

  // False: it could not be looked at, which is told.
  bool judge(Case& it) {
    it.standing = standing_in(it.found.known, it.source, it.destination, trust_);
    int unreadable = 0;
    const bool is_needed = it.source && needs_attributes(*it.source, it.standing, it.found.known);
    if (is_needed || (it.source && is_to_be_told(pass_, it))) {
      if (!look_.look_at_source_attributes(it.name, *it.source) ||
          !look_.look_at_destination_attributes(it.name, it.source->kind, it.destination,
                                                unreadable))
        return false;
      if (!is_needed) unreadable = 0;
    }
    compare(it);
    if (is_handover(it)) {
      learn_what_is_held(pass_, *folder_, *it.source);
      compare(it);
    }
    if (unreadable != 0)
      it.verdict =
          verdict::Overwrite{{ReasonCode::attributes_unreadable, reason::Unreadable{unreadable}}};
    return true;
  }

  void compare(Case& it) const {
    it.means.emplace(means_for(pass_, *folder_, it.exception.get(), it.source, it.destination));
    it.verdict = engine::compare(it.source, it.destination, *it.means, it.standing);
  }

  // Of one that has other names. False: it follows another one.
  bool lead(Case& it) {
    if (it.chosen != nullptr && it.chosen->leads) it.leads = it.chosen->group;
    if (it.is_of_group()) {
      it.leads = index::LinkGroup{.source = it.source->identity.id};
      return links_.leads(
          linked(it), it.is<verdict::Same>() || (pass_.replica.is_first_copy && !it.destination));
    }
    if (!links_.may_keep(it.verdict, it.source, it.destination, *it.means)) {
      it.verdict = verdict::Overwrite{{ReasonCode::linked_to_another}};
    } else if (it.is_file() && it.chosen == nullptr && it.destination &&
               it.destination->links > 1) {
      it.leads = index::LinkGroup{.source = it.source->identity.id};
      pass_.replica.links.lead_instead(*it.leads, whole_path_of(*folder_, it.name),
                                       it.destination->identity.id);
    }
    return true;
  }

  void note(const Case& it) {
    if (is_pair(it.source, it.destination)) note_standing(it);
    if (it.apart_from() && it.found.known != nullptr && !it.found.known->stands_apart)
      steps_.edits.emplace_back(
          index::edit::MarkApart{.folder = folder_->row.key, .name = it.name});
    if (folder_->came_along && it.is_file() && it.destination) counts_.move(*it.source);
  }

  void note_standing(const Case& it) {
    counts_.note(it.standing, it.found.known, *it.source);
    // Whoever goes by mtime does so each time: later passes must not inherit it.
    if (it.standing == Standing::accepted && it.found.known == nullptr && !trust_.mtime &&
        !trust_.size)
      remember_unread(pass_, *folder_, it.name, it.source->identity, it.destination->identity,
                      steps_.edits);
  }

  void end_same(Case& it) {
    count_unkept(pass_, *folder_, it.name, *it.source, *it.destination, *it.means);
    tell_unchanged(pass_, *folder_, it.name, *it.source, steps_.events);
    const Identity& there = it.destination->identity;
    if (it.apart_from() && !it.is_file())
      it.exception = note_apart(pass_, *folder_, it.name, it.exception, there.id, *it.apart_from(),
                                steps_.edits);
    if (it.leads)
      end_leader(pass_, *folder_, it.name, *it.leads, there, it.standing == Standing::proved,
                 it.exception);
  }

  Pass& pass_;
  const FolderRef& folder_;
  const Batch& batch_;
  const std::int64_t now_ns_ = now_ns();
  const Trust trust_;
  Steps steps_;
  BatchCounts counts_;
  BatchRows rows_;
  BatchLook look_;
  BatchRemovals removals_;
  BatchLinks links_;
  MovedFiles moved_;
  StepMaker make_;
};

}  // namespace

Batch next_batch(Folder& folder, std::size_t most, const std::optional<std::string>& upto) {
  Batch batch{.names = folder.names.next(most, upto),
              .stretch = {.folder = folder.row.key, .after = folder.handed_out, .upto = {}}};
  if (!batch.names.empty()) folder.handed_out = batch.names.back().name;
  if (folder.names.done()) {
    // A deep tree's folders are all under way at a time: in 30,000 levels this is 30 MB.
    folder.names = {};
    folder.handed_out = {};
  } else {
    batch.stretch.upto = folder.handed_out;
  }
  return batch;
}

std::vector<Meeting> next_meetings(std::span<const FolderRef> folders, std::size_t most) {
  std::optional<std::string> upto;
  if (folders.size() > 1)
    for (const FolderRef& folder : folders) {
      if (folder->pass->brakes.stopping()) continue;
      auto bound = folder->names.bound(most);
      if (bound && (!upto || *bound < *upto)) upto = std::move(bound);
    }
  std::vector<Meeting> meetings;
  meetings.reserve(folders.size());
  for (const FolderRef& folder : folders) {
    const bool is_stopping = folder->pass->brakes.stopping();
    Batch batch = is_stopping ? Batch{} : next_batch(*folder, most, upto);
    if (is_stopping || !batch.names.empty() || folder->names.done())
      meetings.push_back({folder, std::move(batch)});
  }
  return meetings;
}

Steps reconcile(const Meeting& meeting) {
  Reconciler alone{meeting};
  BatchLook* const look = &alone.look();
  BatchLook::look_in_source({&look, 1});
  return alone.reconcile();
}

// One alone is kept on the stack: it is larger than what is allocated fast.
std::vector<Steps> reconcile(std::span<const Meeting> meetings) {
  std::vector<Steps> steps;
  steps.reserve(meetings.size());
  if (meetings.size() == 1) {
    steps.push_back(reconcile(meetings.front()));
    return steps;
  }
  std::deque<Reconciler> at_work;  // they refer to themselves
  std::vector<BatchLook*> looks;
  looks.reserve(meetings.size());
  for (const Meeting& meeting : meetings) looks.push_back(&at_work.emplace_back(meeting).look());
  BatchLook::look_in_source(looks);
  for (Reconciler& each : at_work) steps.push_back(each.reconcile());
  return steps;
}

}  // namespace syncline::engine
