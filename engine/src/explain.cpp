// One entry explained. Each folder above it is listed and its name is sorted by the very stages
// that a pass consists of, with a batch of one name, in a dry run: so that what is told here is
// what would happen.
//
// SPDX-License-Identifier: MIT
#include "syncline/explain.h"

#include "content/readable.h"
#include "filesystem/explained.h"
#include "filesystem/paths.h"
#include "filesystem/process.h"
#include "filesystem/system_error.h"
#include "judge/standing.h"
#include "opening/backup_root.h"
#include "opening/opening.h"
#include "opening/quarantine.h"
#include "pass/select.h"
#include "source/local_source.h"
#include "walk/apply.h"
#include "walk/extraneous.h"
#include "walk/list.h"
#include "walk/reconcile.h"
#include "walk/settle.h"
#include "walk/teller.h"

#include <algorithm>
#include <iterator>
#include <system_error>

namespace syncline {
namespace {

using engine::Folder;
using engine::FolderRef;
using engine::Pass;
using engine::Side;
using engine::Standing;

/// Nobody waits, and nothing is told before the end.
class Collector : public Observer {
 public:
  explicit Collector(std::vector<Event>& events) : events_(events) {}
  void on_event(const Event& event) override { events_.push_back(event); }

 private:
  std::vector<Event>& events_;
};

std::vector<std::string> names_below_root(const std::string& path) {
  std::vector<std::string> names = filesystem::names_in(path);
  if (std::ranges::find(names, "..") != names.end())
    throw Unusable(Status::usage, {.code = RefusalCode::outside_of_roots, .path = path});
  std::erase(names, ".");
  return names;
}

EntryView view_of(const Entry& entry) {
  return {.kind = entry.kind,
          .properties = properties_of(entry),
          .inode = entry.identity.id.inode,
          .ctime = entry.identity.ctime,
          .links = entry.links,
          .target = entry.target};
}

Memory memory_of(const Remembered& known) {
  const auto stamps = [](const Identity& identity, bool is_proof) {
    return Memory::Stamps{.inode = identity.id.inode,
                          .mtime = identity.mtime,
                          .ctime = identity.ctime,
                          .is_proof = is_proof};
  };
  return {.size = known.source.size,
          .source = stamps(known.source, known.fingerprint && known.source_proved),
          .destination = stamps(known.destination, known.fingerprint && known.destination_proved),
          .digest = known.fingerprint ? std::optional{known.fingerprint->digest} : std::nullopt,
          .is_rotten = known.is_rotten,
          .proved_s = known.proved_s};
}

AnswerCode would_read(engine::Reads reads) {
  switch (reads) {
    case engine::Reads::source:
      return AnswerCode::would_read_source;
    case engine::Reads::destination:
      return AnswerCode::would_read_destination;
    case engine::Reads::both:
      break;
  }
  return AnswerCode::would_read_both;
}

class Explainer {
 public:
  Explainer(Pass& pass, Explanation& out) : pass_(pass), out_(out) {}

  void explain(const FolderRef& root, const std::vector<std::string>& names) {
    root->name = {};
    FolderRef folder = root;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool is_last = i + 1 == names.size();
      if (!list(folder)) return;
      folder = look_at(folder, names[i], is_last);
      if (is_last || !folder) break;
    }
    if (folder) settle(folder);
  }

 private:
  // False where the folder cannot be looked into; then that is told of.
  bool list(const FolderRef& folder) {
    engine::Listed listed = engine::list(folder, false);
    std::ranges::copy_if(listed.events, std::back_inserter(out_.events),
                         [](const Event& event) { return !std::holds_alternative<Action>(event); });
    if (!folder->usable) answer(AnswerCode::folder_unusable);
    return folder->usable;
  }

  // The folder of that name, if it is one that would be walked.
  FolderRef look_at(const FolderRef& folder, const std::string& name, bool is_last) {
    engine::Batch batch = batch_of(*folder, name);
    if (is_last) {
      look(*folder, Side::source, name, out_.source);
      look(*folder, Side::destination, name, out_.destination);
    }
    if (batch.names.empty()) {
      if (is_last)
        explain_absence(*folder, name);
      else
        explain_absence_above(*folder, name);
      return nullptr;
    }
    engine::Steps steps = engine::reconcile({folder, batch});
    FolderRef child = steps.folders.empty() ? nullptr : steps.folders.front();
    for (const index::Extraneous& extraneous : steps.extraneous)
      if (auto found = pass_.handles.view(*folder)->look(name))
        child = engine::make_extraneous(folder, name, extraneous.gives_way, std::move(*found));
    if (!is_last) {
      if (!child) answer(AnswerCode::not_walked);
      return child;
    }
    if (!steps.followers.empty()) judge_as_leader(folder, batch, steps);
    recall(*folder, batch, name);
    for (const engine::FileTask& task : steps.files) explain_task(task);
    tell(*folder, steps);
    explain_sameness(*folder, name, child != nullptr);
    return child;
  }

  // Which of several names of one inode the others are linked to is known after a walk alone: here
  // it is this one. What the destination has there is taken to have no names but theirs.
  void judge_as_leader(const FolderRef& folder, engine::Batch batch, engine::Steps& steps) {
    const engine::Follower& follower = steps.followers.front();
    engine::Chosen chosen{.group = {.source = follower.source}, .leads = true};
    if (folder->destination)
      if (const auto there = pass_.handles.view(*folder)->look(follower.name);
          there && out_.source && there->links <= out_.source->links)
        chosen.owned = there->identity.id;
    batch.was_held = true;
    batch.chosen = {chosen};
    engine::Steps judged = engine::reconcile({folder, std::move(batch)});
    steps.files = std::move(judged.files);
    steps.changes = std::move(judged.changes);
    std::ranges::move(judged.events, std::back_inserter(steps.events));
  }

  static engine::Batch batch_of(Folder& folder, const std::string& name) {
    engine::Batch batch;
    do {
      batch = engine::next_batch(folder, 1);
    } while (!batch.names.empty() && batch.names.front().name < name);
    if (!batch.names.empty() && batch.names.front().name != name) batch.names.clear();
    return batch;
  }

  void look(Folder& folder, Side side, const std::string& name, std::optional<EntryView>& view) {
    try {
      const bool is_there =
          side == Side::source ? folder.source.has_value() : folder.destination.has_value();
      if (!is_there) return;
      const auto entry = side == Side::source ? pass_.source.look_at({folder}, name)
                                              : pass_.handles.view(folder)->look(name);
      if (entry) view = view_of(*entry);
    } catch (const filesystem::SystemError&) {
      return;  // the stages tell of it
    }
  }

  void recall(Folder& folder, const engine::Batch& batch, const std::string& name) {
    if (!folder.has_row) return;
    if (const auto rows = pass_.memory.rows(batch.stretch, engine::take_part_in(pass_, folder)))
      if (const Remembered* const known = rows->file(name)) {
        out_.memory = memory_of(*known);
        known_ = *known;
      }
  }

  void tell(Folder& folder, engine::Steps& steps) {
    for (const index::Removal& removal : steps.removals)
      steps.events.emplace_back(engine::removal_of(folder, removal));
    for (const engine::EntryChange& change : steps.changes)
      if (std::holds_alternative<engine::verdict::Displace>(change.verdict))
        steps.events.emplace_back(engine::action_on(pass_, folder, change));
    steps.files.clear();
    steps.removals.clear();
    steps.extraneous.clear();
    pass_.replica.sink->take(folder, steps, false);
    std::ranges::move(steps.events, std::back_inserter(out_.events));
  }

  // That it would be read is said in other words.
  static bool is_check(const Event& event) {
    const auto* const action = std::get_if<Action>(&event);
    return action != nullptr && action->verb == Verb::check;
  }

  void explain_task(const engine::FileTask& task) {
    std::vector<Event> told;
    engine::tell_of_file(pass_, task, told);
    if (task.destination) std::erase_if(told, is_check);
    std::ranges::move(told, std::back_inserter(out_.events));
    if (const int why = engine::why_unreadable(pass_.source, *task.folder, task.name); why != 0) {
      out_.answer = {.code = AnswerCode::source_unreadable, .error_number = why};
      return;
    }
    if (!task.destination) return;
    out_.answer = {.code = would_read(task.reads),
                   .why = engine::why_read(task.standing, task.known, task.source.identity,
                                           task.destination->identity)};
    if (task.reads == engine::Reads::source) return;
    const auto there = pass_.handles.get(*task.folder);
    if (const int unreadable = engine::why_unreadable(pass_, *there, task.name); unreadable != 0)
      out_.answer = {.code = AnswerCode::would_copy, .error_number = unreadable};
  }

  void explain_absence(const Folder& folder, const std::string& name) {
    if (engine::is_reserved(folder, name))
      answer(AnswerCode::reserved);
    else if (folder.source && folder.source->mount_root && name == "lost+found")
      answer(AnswerCode::of_file_system);
    else if (is_excluded(folder, name))
      answer(AnswerCode::excluded);
    else if (out_.source || out_.destination)
      answer(AnswerCode::takes_no_part);
    else
      answer(AnswerCode::on_neither_side);
  }

  // Of a folder on the way.
  void explain_absence_above(Folder& folder, const std::string& name) {
    std::optional<EntryView> source;
    std::optional<EntryView> destination;
    look(folder, Side::source, name, source);
    look(folder, Side::destination, name, destination);
    if (engine::is_reserved(folder, name))
      answer(AnswerCode::reserved);
    else if ((source && engine::is_hidden(pass_, folder, name, source->kind == Kind::folder)) ||
             (destination &&
              engine::is_protected(pass_, folder, name, destination->kind == Kind::folder)))
      out_.answer = {.code = AnswerCode::folder_excluded, .folder = name};
    else
      answer(source || destination ? AnswerCode::takes_no_part : AnswerCode::on_neither_side);
  }

  bool is_excluded(const Folder& folder, const std::string& name) const {
    if (out_.source)
      return engine::is_hidden(pass_, folder, name, out_.source->kind == Kind::folder);
    return out_.destination &&
           engine::is_protected(pass_, folder, name, out_.destination->kind == Kind::folder);
  }

  void explain_sameness(Folder& folder, const std::string& name, bool is_folder) {
    if (out_.answer || !out_.events.empty() || is_folder) return;
    if (pass_.books.left_alone.value().entries != 0) return answer(AnswerCode::unwanted);
    const auto& own = pass_.terms.state_files;
    const auto source = folder.source ? pass_.source.look_at({folder}, name) : std::nullopt;
    if (source && std::ranges::find(own, source->identity.id) != own.end())
      return answer(AnswerCode::index_file);
    const auto destination =
        folder.destination ? pass_.handles.view(folder)->look(name) : std::nullopt;
    if (source && is_unkept()) {
      answer(AnswerCode::not_kept);
    } else if (!source) {
      answer(AnswerCode::kept);
    } else if (!destination || destination->kind != source->kind) {
      answer(AnswerCode::takes_no_part);
    } else if (source->kind != Kind::file) {
      answer(AnswerCode::same);
    } else {
      explain_same_file(*source, *destination, pass_.terms.trust_in(folder));
    }
  }

  [[nodiscard]] bool is_unkept() const {
    return std::ranges::any_of(pass_.books.unkept.all(), &Unkept::is_content);
  }

  // A file that nothing would be done with.
  void explain_same_file(const Entry& source, const Entry& destination,
                         const engine::Trust& trust) {
    const Standing standing =
        engine::standing_of(known_ ? &*known_ : nullptr, source, destination, trust);
    if (source.identity.size != destination.identity.size || !engine::is_same(standing))
      answer(AnswerCode::takes_no_part);
    else if (standing == Standing::same_size)
      answer(AnswerCode::same_size);
    else if (standing == Standing::accepted)
      answer(AnswerCode::same_mtime);
    else
      answer(AnswerCode::proved);
  }

  // A folder's own metadata.
  void settle(const FolderRef& of) {
    Folder& folder = *of;
    const bool is_made = folder.parent ? !folder.destination : folder.created;
    if (folder.role == Folder::Role::mirrored && is_made) {
      if (!folder.parent) out_.source = view_of(*folder.source);
      out_.events.emplace_back(engine::created_event(folder));
    } else if (folder.role == Folder::Role::mirrored) {
      if (!folder.listed && folder.destination && !list(of)) return;
      if (!folder.parent) {
        if (folder.source) out_.source = view_of(*folder.source);
        if (folder.destination) out_.destination = view_of(*folder.destination);
      }
      std::vector<index::Edit> none;
      engine::settle(pass_, folder, out_.events, none);
    } else if (!folder.gives_way) {
      out_.events.emplace_back(engine::removal_of(folder));
      if (!pass_.terms.rules.empty()) answer(AnswerCode::may_stay);
    }
    if (out_.events.empty() && !out_.answer) answer(AnswerCode::folder_same);
  }

  void answer(AnswerCode code) { out_.answer = {.code = code}; }

  Pass& pass_;
  Explanation& out_;
  std::optional<Remembered> known_;
};

Explanation explain_one(const Options& asked, const std::string& path) {
  Explanation out;
  const std::vector<std::string> names = names_below_root(path);
  for (const std::string& name : names) out.path += (out.path.empty() ? "" : "/") + name;
  if (names.empty()) out.path = ".";
  Options options = in_effect(asked);
  options.dry_run = true;
  options.all_differences = true;
  Collector collector{out.events};
  OpenRoots roots = open_roots(options, collector, {});
  refuse_if_held(options, roots);
  auto opened = open_index(roots, options, collector, {});
  index::Index* const index = opened ? opened->index.get() : nullptr;
  constexpr std::size_t few = 8;
  engine::LocalSource source{few};
  Pass pass{options, source, {}, filesystem::privileges(), true, {.folders = few, .files = few},
            index};
  if (opened) {
    out.index = opened->path;
    pass.terms.state_files = opened->files();
    pass.terms.state_folders = {opened->folder.look().identity.id};
  }
  const auto backups = open_backups(options, roots);
  pass.replica.disposal = &engine::disposal_by(backups.get());
  source.set_root(std::move(roots.source));
  engine::Teller teller{pass};
  pass.replica.sink = &teller;
  std::vector<engine::Handles::View> held_open;
  const auto root = make_root(pass, roots, index != nullptr && index->history().met, held_open);
  Explainer{pass, out}.explain(root, names);
  if (auto why = pass.brakes.why_abandoned())
    throw Unusable(Status::root_unusable, *std::move(why));
  return out;
}

}  // namespace

Explanation explain(const Options& options, const std::string& path) {
  try {
    return explain_one(options, path);
  } catch (const filesystem::SystemError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::entry_unusable,
                                           .path = path,
                                           .operation = error.operation(),
                                           .error_number = error.error_number(),
                                           .cause = filesystem::known_cause_of(error)});
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::files_unusable,
                   {.code = RefusalCode::index_unreadable, .cause = error.what()});
  }
}

}  // namespace syncline
