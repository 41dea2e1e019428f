// SPDX-License-Identifier: MIT
#include "taking_back/take_back.h"

#include "filesystem/discard.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/system_error.h"
#include "model/metadata.h"
#include "model/proof.h"
#include "pass/failures.h"
#include "taking_back/metadata.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;
using kept::Deed;
using kept::Left;
using kept::Operation;
using kept::Spot;

// As many as a page of deletions: what one flush is for.
constexpr std::size_t group_size = 256;
constexpr std::int64_t after_all = std::numeric_limits<std::int64_t>::max();
// Folders whose metadata was written down; one that is met again later is written down once more,
// which costs a row.
constexpr std::size_t most_folders = 4096;

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty() || name.empty()) return folder + name;
  return folder + '/' + name;
}

Path told(const Spot& at) {
  const std::string path = joined(at.folder, at.name);
  return shown_path(path.empty() ? "." : path);
}

Left left_of(const Entry& entry) {
  return {.kind = entry.kind,
          .inode = entry.identity.id.inode,
          .size = entry.kind == Kind::file ? entry.identity.size : 0,
          .mtime = entry.kind == Kind::folder ? std::nullopt : std::optional{entry.identity.mtime}};
}

Action action(Verb verb, const Entry& entry, const Spot& at) {
  return {.verb = verb,
          .kind = entry.kind,
          .path = told(at),
          .reason = {ReasonCode::taken_back},
          .bytes = content_bytes(entry),
          .digest = {},
          .properties = properties_of(entry),
          .target = entry.target};
}

// What comes of taking it back, if nobody was at it since.
Action expected(const Operation& operation) {
  const Entry before = operation.before.value_or(Entry{});
  Entry made;
  if (operation.after) made.kind = operation.after->kind;
  switch (operation.deed) {
    case Deed::made:
    case Deed::made_folder:
      return action(Verb::remove, made, operation.at);
    case Deed::took:
    case Deed::removed_folder:
      return action(Verb::create, before, operation.at);
    case Deed::replaced:
      return action(Verb::update, before, operation.at);
    case Deed::moved:
    case Deed::exchanged: {
      Action moved = action(Verb::move, before, operation.at);
      moved.moved_from = told(operation.to);
      return moved;
    }
    case Deed::set_metadata:
      break;
  }
  return action(Verb::set_metadata, before, operation.at);
}

// Its metadata, which includes what moves with all that is done in it.
bool is_of_folder_itself(const Operation& operation) {
  return operation.deed == Deed::set_metadata && operation.at.name.empty();
}

// Of several operations at once each must find what it would find if they came one after the other.
bool stands_alone(const Operation& operation) {
  switch (operation.deed) {
    case Deed::made:
    case Deed::took:
    case Deed::replaced:
      return false;
    case Deed::set_metadata:
      return is_of_folder_itself(operation);
    case Deed::made_folder:
    case Deed::removed_folder:
    case Deed::moved:
    case Deed::exchanged:
      return true;
  }
  return true;
}

// What operations of one group are about: no name twice, and no inode twice whose metadata changes,
// by whatever name.
class Met {
 public:
  bool admits(const Operation& operation) {
    const bool sets_metadata = operation.deed == Deed::set_metadata;
    for (const std::uint64_t inode : inodes_of(operation))
      if (changed_.contains(inode) || (sets_metadata && inodes_.contains(inode))) return false;
    if (!names_.emplace(operation.at.folder, operation.at.name).second) return false;
    for (const std::uint64_t inode : inodes_of(operation))
      (sets_metadata ? changed_ : inodes_).insert(inode);
    return true;
  }

 private:
  static std::vector<std::uint64_t> inodes_of(const Operation& operation) {
    std::vector<std::uint64_t> inodes;
    if (operation.before) inodes.push_back(operation.before->identity.id.inode);
    if (operation.after && operation.after->inode != 0) inodes.push_back(operation.after->inode);
    return inodes;
  }

  std::set<std::pair<std::string, std::string>> names_;
  std::set<std::uint64_t> inodes_;
  std::set<std::uint64_t> changed_;
};

// The folder that a rename is no news for.
class SameMtime {
 public:
  explicit SameMtime(const Directory& folder) : folder_(folder), before_(folder.look()) {}
  void restore() const { require_set(folder_.set_metadata(before_, {.mtime = true})); }

 private:
  const Directory& folder_;
  const Entry before_;
};

void exchange(const Directory& a, const std::string& name, const Directory& b,
              const std::string& other) {
  if (a.exchange(name, b, other)) return;
  const std::string aside = filesystem::temporary_name();
  a.rename_to_new(name, aside);
  b.move_to_new(other, a, name);
  a.move_to_new(aside, b, other);
}

struct Name {
  const Directory& folder;
  const std::string name;
};

// What is called `name` goes to `own`, and what is at `kept` takes its place: at no moment is there
// neither, as far as the file system can do that.
void replace(const Directory& folder, const std::string& name, const Name& kept, const Name& own) {
  if (folder.try_link(name, own.folder, own.name)) {
    kept.folder.move(kept.name, folder, name);
  } else if (kept.folder.exchange(kept.name, folder, name)) {
    kept.folder.move_to_new(kept.name, own.folder, own.name);
  } else {
    folder.move_to_new(name, own.folder, own.name);
    kept.folder.move_to_new(kept.name, folder, name);
  }
}

// As far as is known; `inode`: what stands for that by now.
bool is_left(const Entry& now, const Left& after, std::uint64_t inode) {
  if (now.kind != after.kind) return false;
  if (after.inode != 0 && now.identity.id.inode != inode) return false;
  if (now.kind == Kind::file && now.identity.size != after.size) return false;
  return now.kind == Kind::folder || !after.mtime || is_kept_as(*after.mtime, now.identity.mtime);
}

}  // namespace

bool TakeBack::is_as_left(const Step& step, const std::optional<Entry>& now) {
  const auto& after = step.operation.after;
  if (!now || !after) return false;
  const bool is_folder = after->kind == Kind::folder && after->inode != 0;
  const kept::Journal::Moment then{.pass = pass_.id, .number = step.numbered.number};
  return is_left(*now, *after,
                 is_folder ? journal_.inode_by_now(after->inode, then) : after->inode);
}

// False: a system call failed, and it is to be tried again.
template <typename Work>
bool TakeBack::attempt(const Numbered& numbered, OnError on_error, Work work) {
  const auto& [number, operation] = numbered;
  try {
    work();
    return true;
  } catch (const SystemError& error) {
    if (on_error == OnError::try_again) return false;
    has_failed_ = true;
    recorder_.record(failure_of(told(operation.at), error));
  } catch (const Refused& error) {
    if (own_ == nullptr && hangs_on_what_was_told(operation)) {
      if (!is_of_folder_itself(operation)) tell(operation, expected(operation));
      return true;
    }
    const Failure failure = error.failure(told(operation.at));
    has_failed_ = has_failed_ || failure.code == FailureCode::in_the_way;
    recorder_.record(failure);
  }
  if (own_ != nullptr) journal_.note_left(pass_.id, number);
  return true;
}

void TakeBack::record(Action action) {
  if (action.verb == Verb::move && action.kind == Kind::folder) ++moved_folders_;
  if (action.verb == Verb::move && action.kind != Kind::folder)
    moved_ = moved_ + Tally{.entries = 1, .bytes = action.bytes};
  recorder_.record(std::move(action));
}

void TakeBack::tell(const Operation& operation, Action action) {
  for (const Spot& spot : {operation.at, operation.to})
    told_.insert(joined(spot.folder, spot.name));
  record(std::move(action));
}

// It, or a folder that it is in, would not be what it is now.
bool TakeBack::hangs_on_what_was_told(const Operation& operation) const {
  for (const Spot& spot : {operation.at, operation.to}) {
    std::string path = joined(spot.folder, spot.name);
    while (!path.empty()) {
      if (told_.contains(path)) return true;
      const std::size_t end = path.rfind('/');
      path.resize(end == std::string::npos ? 0 : end);
    }
  }
  return false;
}

bool TakeBack::operator()(const kept::PassRow& pass) {
  pass_ = pass;
  items_ = folder_name(pass);
  if (own_ != nullptr) retry_left();
  std::int64_t before = own_ != nullptr ? journal_.taken_back_to(pass.id) : after_all;
  while (!stop_.stop_requested()) {
    const Group group = group_before(before);
    if (group.empty()) return true;
    take_back(group);
    before = group.back().number;
    if (own_ != nullptr) journal_.set_taken_back_to(pass.id, before);
  }
  return false;
}

// Of folders that have theirs back already.
template <typename Work>
void TakeBack::keep_mtimes(const Operation& operation, Work work) {
  std::vector<std::pair<Handle, SameMtime>> kept;
  for (const Spot& spot : {operation.at, operation.to})
    if (const Handle folder = is_of_folder_itself(operation) ? nullptr : open(spot.folder))
      kept.emplace_back(folder, SameMtime{*folder});
  work();
  for (const auto& [folder, same] : kept) {
    try {
      same.restore();
    } catch (const SystemError& error) {
      recorder_.record(failure_of(told(operation.at), error));
    }
  }
}

// What the metadata was before an earlier operation is there again, and is what it was in the end.
bool TakeBack::is_outdone(std::int64_t number, const Operation& operation,
                          const std::vector<std::int64_t>& left) {
  if (operation.deed != Deed::set_metadata) return false;
  const auto all = journal_.numbers(pass_.id, operation.deed, operation.at);
  const std::int64_t done_from = journal_.taken_back_to(pass_.id);
  return std::ranges::any_of(all, [&](std::int64_t each) {
    return each < number && each >= done_from && std::ranges::find(left, each) == left.end();
  });
}

// Those that the same undo was told to leave before, one by one.
void TakeBack::retry_left() {
  const auto left = journal_.take_left(pass_.id);
  for (const std::int64_t number : left) {
    Group one;
    journal_.read_back(pass_.id, number + 1, [&](std::int64_t found, Operation operation) {
      one.push_back({found, std::move(operation)});
      return false;
    });
    for (const auto& [found, operation] : one)
      if (!is_outdone(found, operation, left)) keep_mtimes(operation, [&] { take_back(one); });
  }
}

TakeBack::Group TakeBack::group_before(std::int64_t before) {
  Group group;
  Met met;
  journal_.read_back(pass_.id, before, [&](std::int64_t number, Operation operation) {
    const bool alone = stands_alone(operation);
    if (!met.admits(operation) || (alone && !group.empty())) return false;
    group.push_back({number, std::move(operation)});
    return !alone && group.size() < group_size;
  });
  return group;
}

// What failed may go well at once: later, what comes before it was taken back, and may have moved
// the folder that it is in.
void TakeBack::take_back(const Group& group) {
  const Group failed = try_to_take_back(group, OnError::try_again);
  for (const Numbered& each : failed) try_to_take_back({each}, OnError::leave);
}

TakeBack::Group TakeBack::try_to_take_back(const Group& group, OnError on_error) {
  Group failed;
  std::vector<Step> steps;
  steps.reserve(group.size());
  for (const Numbered& each : group) {
    Step step{.numbered = each, .operation = each.operation, .folder = nullptr};
    if (attempt(each, on_error, [&] { prepare(step); }))
      steps.push_back(std::move(step));
    else
      failed.push_back(each);
  }
  if (own_ != nullptr) own_->secure();
  for (Step& step : steps) {
    if (!step.act) continue;
    if (own_ == nullptr) {
      if (step.told) tell(step.operation, *std::move(step.told));
      continue;
    }
    const bool is_done = attempt(step.numbered, on_error, [&] {
      step.act();
      if (step.told) record(*std::move(step.told));
    });
    if (!is_done) failed.push_back(step.numbered);
  }
  return failed;
}

void TakeBack::prepare(Step& step) {
  switch (step.operation.deed) {
    case Deed::made:
      return prepare_made(step);
    case Deed::took:
      return prepare_took(step);
    case Deed::replaced:
      return prepare_replaced(step);
    case Deed::made_folder:
      return prepare_made_folder(step);
    case Deed::removed_folder:
      return prepare_removed_folder(step);
    case Deed::moved:
      return prepare_moved(step);
    case Deed::exchanged:
      return prepare_exchanged(step);
    case Deed::set_metadata:
      return step.operation.at.name.empty() ? prepare_folder_metadata(step)
                                            : prepare_metadata(step);
  }
}

TakeBack::Handle TakeBack::open(const std::string& path) {
  if (last_.second && last_.first == path) return last_.second;
  Handle folder = kept::open_beneath(root_, path);
  last_ = {path, folder};
  return folder;
}

TakeBack::Handle TakeBack::require_open(const std::string& path) {
  Handle folder = open(path);
  if (!folder) throw Refused(FailureCode::changed_since_pass, pass_.name);
  return folder;
}

TakeBack::Handle TakeBack::items_of(const kept::Item& item) {
  return store_.folder_of(item, items_);
}

std::optional<Entry> TakeBack::look_at_item(const kept::Item& item) {
  const Handle items = items_of(item);
  return items ? items->look(kept::Store::name_of(item)) : std::nullopt;
}

kept::Item TakeBack::note(Operation operation) {
  if (own_ != nullptr) own_->note(operation);
  return operation.item;
}

bool TakeBack::is_mount_root(const std::string& path) const {
  const auto [parent, name] = filesystem::split_path(path);
  const Handle above = kept::open_beneath(root_, parent == "." ? "" : parent);
  return above && above->is_mount_root(name);
}

// The top of the file system that it is on.
std::string TakeBack::place_of(const Handle& folder, const Spot& at) const {
  if (store_.is_elsewhere()) return {};
  const std::uint64_t device = folder->look().identity.id.device;
  std::string place = at.folder;
  while (!place.empty() && !is_mount_root(place)) {
    const std::size_t end = place.rfind('/');
    std::string above = end == std::string::npos ? std::string{} : place.substr(0, end);
    const Handle parent = kept::open_beneath(root_, above);
    if (!parent || parent->look().identity.id.device != device) break;
    place = std::move(above);
  }
  return place;
}

void TakeBack::note_changes(const Spot& at, const Handle& folder) {
  if (written_down_.contains(at.folder)) return;
  if (written_down_.size() >= most_folders) written_down_.clear();
  Entry now = folder->look();
  now.attributes = folder->attributes();
  note({.deed = Deed::set_metadata,
        .at = {.folder = at.folder, .name = {}},
        .before = now,
        .after = left_of(now)});
  written_down_.insert(at.folder);
}

void TakeBack::prepare_made(Step& step) {
  const Spot& at = step.operation.at;
  const Handle folder = open(at.folder);
  const auto now = folder ? folder->look(at.name) : std::nullopt;
  if (!now) return;
  if (!is_as_left(step, now)) throw Refused(FailureCode::changed_since_pass, pass_.name);
  note_changes(at, folder);
  const auto own =
      note({.deed = Deed::took, .at = at, .item = {.place = place_of(folder, at)}, .before = now});
  step.act = [this, folder, at, own] {
    folder->move_to_new(at.name, *own_->folder_of(own), kept::Store::name_of(own));
  };
  step.told = action(Verb::remove, *now, at);
}

void TakeBack::put_back(Step& step, const Entry& item) {
  const Spot& at = step.operation.at;
  const Handle folder = require_open(at.folder);
  note_changes(at, folder);
  note({.deed = Deed::made,
        .at = at,
        .after = left_of(item),
        .from = {.pass = pass_.id, .number = step.operation.item.number}});
  step.act = [this, folder, at, kept = step.operation.item] {
    items_of(kept)->move_to_new(kept::Store::name_of(kept), *folder, at.name);
  };
  step.told = action(Verb::create, item, at);
}

// What is in no quarantine is where it was, or is lost. An undo that was interrupted may have
// brought it back.
void TakeBack::require_never_left(const Operation& operation) {
  const Handle folder = open(operation.at.folder);
  const auto now = folder ? folder->look(operation.at.name) : std::nullopt;
  const bool is_there = now && operation.before && now->kind == operation.before->kind &&
                        now->identity.size == operation.before->identity.size &&
                        now->identity.mtime == operation.before->identity.mtime;
  if (!is_there && pass_.is_complete) throw Refused(FailureCode::not_kept, pass_.name);
}

void TakeBack::prepare_took(Step& step) {
  const Operation& operation = step.operation;
  const auto item = look_at_item(operation.item);
  if (!item) return require_never_left(operation);
  const Handle folder = require_open(operation.at.folder);
  const auto now = folder->look(operation.at.name);
  if (!now) return put_back(step, *item);
  if (now->identity.id != item->identity.id) throw Refused(FailureCode::in_the_way);
  // It had been linked, and never lost its place.
  step.act = [this, kept = operation.item] {
    items_of(kept)->remove_file(kept::Store::name_of(kept));
  };
}

void TakeBack::prepare_replaced(Step& step) {
  const Operation& operation = step.operation;
  const Spot& at = operation.at;
  const auto item = look_at_item(operation.item);
  if (!item) return require_never_left(operation);
  const Handle folder = require_open(at.folder);
  const auto now = folder->look(at.name);
  if (now && now->identity.id == item->identity.id) return prepare_took(step);
  // Where it had no second name for a moment, the pass may have ended in that.
  if (!now && !pass_.is_complete) return put_back(step, *item);
  if (!is_as_left(step, now)) throw Refused(FailureCode::changed_since_pass, pass_.name);
  note_changes(at, folder);
  const auto own = note({.deed = Deed::replaced,
                         .at = at,
                         .item = {.place = operation.item.place},
                         .before = now,
                         .after = left_of(*item),
                         .from = {.pass = pass_.id, .number = operation.item.number}});
  step.act = [this, folder, at, kept = operation.item, own] {
    replace(*folder, at.name, {*items_of(kept), kept::Store::name_of(kept)},
            {*own_->folder_of(own), kept::Store::name_of(own)});
  };
  step.told = action(Verb::update, *item, at);
}

void TakeBack::prepare_made_folder(Step& step) {
  const Spot& at = step.operation.at;
  const Handle folder = open(at.folder);
  auto now = folder ? folder->look(at.name) : std::nullopt;
  const auto& before = step.operation.before;
  if (!now || (before && before->identity.id.inode == now->identity.id.inode)) return;
  if (now->kind != Kind::folder) throw Refused(FailureCode::changed_since_pass, pass_.name);
  now->attributes = folder->attributes(at.name);
  note_changes(at, folder);
  note({.deed = Deed::removed_folder, .at = at, .before = now});
  step.act = [this, folder, at] {
    if (last_.first == joined(at.folder, at.name)) last_ = {};
    if (!pass_.is_complete) clean(folder->open_folder(at.name));
    try {
      folder->remove_folder(at.name);
    } catch (const SystemError& error) {
      if (error.error_number() != ENOTEMPTY && error.error_number() != EEXIST) throw;
      throw Refused(FailureCode::changed_since_pass, pass_.name);
    }
  };
  step.told = action(Verb::remove, *now, at);
}

bool TakeBack::is_made_by_us(const Spot& at) {
  return own_ != nullptr && !journal_.numbers(own_->row().id, Deed::made_folder, at).empty();
}

void TakeBack::prepare_removed_folder(Step& step) {
  const Operation& operation = step.operation;
  const Spot& at = operation.at;
  const Handle folder = require_open(at.folder);
  const auto now = folder->look(at.name);
  if (now && now->kind != Kind::folder) throw Refused(FailureCode::in_the_way);
  // Either it never left, or an undo was interrupted before it was done with it.
  if (now && !is_made_by_us(at)) return;
  note_changes(at, folder);
  note({.deed = Deed::made_folder, .at = at, .after = Left{.kind = Kind::folder}});
  step.act = [this, folder, at, want = *operation.before, is_there = now.has_value(),
              removed = step.numbered.number] {
    if (!is_there) folder->make_folder(at.name);
    const Directory made = folder->open_folder(at.name);
    Entry found = made.look();
    found.attributes = made.attributes();
    require_set(made.set_metadata(want, what_differs(want, found)));
    const std::int64_t own = own_->row().id;
    journal_.note_made_again(want.identity.id.inode, {.pass = pass_.id, .number = removed},
                             found.identity.id.inode,
                             {.pass = own, .number = journal_.last_number(own)});
  };
  step.told = action(Verb::create, *operation.before, at);
}

void TakeBack::prepare_moved(Step& step) {
  const Operation& operation = step.operation;
  const Handle into = open(operation.to.folder);
  const Handle folder = require_open(operation.at.folder);
  const auto there = folder->look(operation.at.name);
  const auto now = into ? into->look(operation.to.name) : std::nullopt;
  const bool is_respelled = there && now && there->identity.id == now->identity.id;
  if (!is_as_left(step, now)) {
    if (is_as_left(step, there)) return;  // it never left
    throw Refused(FailureCode::changed_since_pass, pass_.name);
  }
  if (there && !is_respelled) throw Refused(FailureCode::in_the_way);
  note_changes(operation.to, into);
  note_changes(operation.at, folder);
  note({.deed = Deed::moved,
        .at = operation.to,
        .to = operation.at,
        .before = now,
        .after = left_of(*now)});
  step.act = [this, into, folder, at = operation.at, to = operation.to, is_respelled] {
    last_ = {};
    const SameMtime same{*folder};
    if (is_respelled) {
      const std::string aside = filesystem::temporary_name();
      into->rename_to_new(to.name, aside);
      into->move_to_new(aside, *folder, at.name);
    } else {
      into->move_to_new(to.name, *folder, at.name);
    }
    same.restore();
  };
  step.told = action(Verb::move, *now, operation.at);
  step.told->moved_from = told(operation.to);
}

void TakeBack::prepare_exchanged(Step& step) {
  const Operation& operation = step.operation;
  const Handle into = require_open(operation.to.folder);
  const Handle folder = require_open(operation.at.folder);
  const auto there = folder->look(operation.at.name);
  const auto now = into->look(operation.to.name);
  if (!there || !is_as_left(step, now)) {
    if (is_as_left(step, there)) return;  // they never did
    throw Refused(FailureCode::changed_since_pass, pass_.name);
  }
  note_changes(operation.to, into);
  note_changes(operation.at, folder);
  note({.deed = Deed::exchanged,
        .at = operation.at,
        .to = operation.to,
        .before = there,
        .after = left_of(*there)});
  step.act = [this, into, folder, at = operation.at, to = operation.to] {
    last_ = {};
    const SameMtime same{*folder};
    exchange(*folder, at.name, *into, to.name);
    same.restore();
  };
  step.told = action(Verb::move, *now, operation.at);
  step.told->moved_from = told(operation.to);
}

void TakeBack::prepare_metadata(Step& step) {
  const Operation& operation = step.operation;
  const Spot& at = operation.at;
  const Handle folder = require_open(at.folder);
  auto now = folder->look(at.name);
  if (now) now->attributes = folder->attributes(at.name);
  const Entry& want = *operation.before;
  const bool has_number = operation.after && operation.after->inode != 0;
  const bool is_same = now && now->kind == want.kind &&
                       (!has_number || now->identity.id.inode == want.identity.id.inode);
  const MetadataChange change = is_same ? what_differs(want, *now) : MetadataChange{};
  if (is_same && !change.any()) return;
  if (!is_as_left(step, now)) throw Refused(FailureCode::changed_since_pass, pass_.name);
  Left left = left_of(*now);
  left.mtime = want.identity.mtime;
  note({.deed = Deed::set_metadata, .at = at, .before = now, .after = left});
  step.act = [folder, at, now = *now, want, change] {
    require_set(folder->set_metadata(at.name, now, want, change).refusal);
  };
  step.told = action(Verb::set_metadata, want, at);
}

void TakeBack::prepare_folder_metadata(Step& step) {
  const Operation& operation = step.operation;
  const Handle folder = open(operation.at.folder);
  const Entry& want = *operation.before;
  if (!folder || !is_as_left(step, folder->look()))
    throw Refused(FailureCode::changed_since_pass, pass_.name);
  note_changes(operation.at, folder);
  Entry now = folder->look();
  now.attributes = folder->attributes();
  step.act = [this, folder, want] {
    if (!pass_.is_complete) clean(*folder);
    Entry found = folder->look();
    found.attributes = folder->attributes();
    const MetadataChange change = what_differs(want, found);
    if (change.any()) require_set(folder->set_metadata(want, change));
  };
  // Its mtime moves with all that is done in it, which is no news.
  if (what_differs(want, now).without({.mtime = true}).any())
    step.told = action(Verb::set_metadata, want, operation.at);
}

// What an interrupted pass was writing.
void TakeBack::clean(const Directory& folder) {
  const auto names = folder.list();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (filesystem::is_temporary_name(names[i]))
      filesystem::discard_temporary(folder, std::string{names[i]});
}

}  // namespace syncline::engine
