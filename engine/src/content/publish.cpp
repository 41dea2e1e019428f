// SPDX-License-Identifier: MIT
#include "content/publish.h"

#include "content/complete.h"
#include "content/expected.h"
#include "content/give_up.h"
#include "content/naming.h"
#include "content/partial.h"
#include "content/readable.h"
#include "content/remember.h"
#include "content/restrict.h"
#include "content/verify.h"
#include "filesystem/clock.h"
#include "filesystem/discard.h"
#include "filesystem/system_error.h"
#include "judge/as_left.h"
#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "replica/disposal.h"
#include "replica/exceptions.h"
#include "replica/link_notes.h"
#include "replica/spelling.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::FlushMethod;

// What the flush of a file costs besides its bytes.
constexpr std::uint64_t lone_flush_cost = 256U << 10U;
// syncfs waits for what everybody else wrote too: up to so many files, an fsync for each is the
// smaller wait.
constexpr std::size_t few_files = 4;

Action action_on(const Finished& finished) {
  const FileTask& task = finished.task;
  return {.verb = task.verb,
          .kind = Kind::file,
          .path = path_of(*task.folder, task.name),
          .reason = task.reason,
          .bytes = task.source.identity.size,
          .digest = finished.fingerprint.digest,
          .difference = task.difference,
          .replaced = task.replaced,
          .properties = properties_of(task.source)};
}

bool flush_together(Pass& pass, const PublishGroup& group) {
  if (group.method != FlushMethod::file_system || group.files.size() <= few_files) return false;
  try {
    pass.handles.get(*group.files.front().task.folder)->flush_filesystem();
    return true;
  } catch (const filesystem::SystemError&) {
    return false;  // each file's own flush tells whose failure it was
  }
}

bool has_name_already(const Finished& finished) {
  return finished.copy.temporary.empty() && !finished.task.in_place;
}

kept::Left expected_of(const Pass& pass, const Finished& finished) {
  kept::Left left = expected(pass, finished.task, finished.copy.id);
  if (finished.copy.metadata.lacking.mtime) left.mtime.reset();
  return left;
}

void write_down(const Pass& pass, const PublishGroup& group, IntentionGroup& intentions) {
  for (const Finished& finished : group.files)
    if (!finished.task.displaces && (finished.copy.unnamed || !has_name_already(finished)))
      intentions.arrives(*finished.task.folder, finished.task.name, expected_of(pass, finished));
  intentions.secure();
}

// `now`, unless that is not what we gave the name to, as we left it. Only its ctime may have moved.
std::optional<Identity> if_as_left(const Pass& pass, const Finished& finished,
                                   const std::optional<Identity>& now) {
  const Identity& want = finished.task.source.identity;
  const IdentityRule rule = finished.task.folder->there.stamping.rule;
  if (!now || !is_same_inode(finished.copy.id, now->id, rule) || now->size != want.size ||
      (pass.terms.options.metadata.times &&
       !has_mtime_as_set(want.mtime, now->mtime, finished.copy.metadata.exception.get())))
    return std::nullopt;
  return now;
}

void flush_alone(Pass& pass, Finished& finished) {
  if (finished.copy.unnamed)
    finished.copy.unnamed->file.flush();
  else
    reopen(pass, finished).flush();
}

// `known`: what it is, if that is to be remembered.
void end(Pass& pass, const Finished& finished, const std::optional<Identity>& known,
         const std::string& temporary = {}) {
  const FileTask& task = finished.task;
  if (!task.leads) return;
  const Identity made{.id = finished.copy.id};
  end_leader(pass, *task.folder, task.name, *task.leads, known.value_or(made), known.has_value(),
             finished.copy.metadata.exception, temporary);
}

// A backup of it would take the place of one with other bytes.
bool is_repeated(const FileTask& task, const filesystem::Directory& folder) {
  if (!task.repeats) return false;
  const auto now = folder.look(task.name);
  return now && is_unmoved(*task.repeats, now->identity, task.folder->there.stamping.rule);
}

// Where only what was planned may be done, the place it takes is to be what the plan met, to the
// last.
void require_as_planned(const Pass& pass, const FileTask& task,
                        const filesystem::Directory& folder) {
  if (pass.replica.admission == nullptr || task.was_moved) return;
  const auto now = folder.look(task.name);
  std::optional<Precondition> place;
  if (now) place = precondition_of(*now);
  const Verbs still = pass.replica.admission->allowed(
      path_of(*task.folder, task.name).whole(),
      {.source = task.given.source, .destination = place, .folder = task.given.folder});
  if (still.has(task.verb)) return;
  throw Refused(FailureCode::destination_not_as_planned, {}, FailureKind::left);
}

// Renames it. Returns what it was right after that, where that is worth knowing.
std::optional<Identity> rename(Pass& pass, const Finished& finished) {
  const FileTask& task = finished.task;
  const auto folder = pass.handles.get(*task.folder);
  // A rename frees what it replaces before it returns, which takes a large file long; others see
  // the new one meanwhile. So the old one is let go after the new one was looked at.
  filesystem::Descriptor old;
  if (pass.memory.is_usable() && task.verb != Verb::create) old = folder->hold(task.name);
  Intentions* const intentions = pass.replica.intentions;
  if (intentions != nullptr && !finished.copy.temporary.empty())
    intentions->arrive(*task.folder, task.name, expected_of(pass, finished));
  const auto begin = std::chrono::steady_clock::now();
  if (finished.copy.temporary.empty()) {
    // It has its name.
  } else if (task.verb == Verb::create) {
    if (intentions != nullptr) intentions->take(*task.folder, task.name);
    folder->rename_to_new(finished.copy.temporary, task.name);
  } else {
    require_as_planned(pass, task, *folder);
    take_name(pass, *folder, task.name, task.takes_name, [&] {
      if (intentions != nullptr || !is_repeated(task, *folder))
        pass.replica.disposal->make_way(pass, *task.folder, task.name);
      folder->rename(finished.copy.temporary, task.name);
    });
  }
  if (!pass.memory.is_usable() && !task.leads) return std::nullopt;
  const auto now = folder->look(task.name);
  if (!now || was_long_ago(begin)) return std::nullopt;
  return now->identity;
}

// False: the system gives no names to what has none, so it must be copied with a temporary's.
bool name_unnamed(Pass& pass, Finished& finished) {
  const auto unnamed = std::exchange(finished.copy.unnamed, std::nullopt);
  if (!unnamed) return true;
  std::optional<Entry> named;
  if (!engine::give_name(pass, finished.task, unnamed->file, named)) return false;
  if (named) finished.copy.named = named->identity;
  return true;
}

void give_name(Pass& pass, const Finished& finished, std::vector<index::Edit>& edits) {
  const FileTask& task = finished.task;
  if (task.displaces) {
    pass.replica.deferred.note_replacement({.folder = pass.replica.deferred_key(*task.folder),
                                            .name = task.name,
                                            .temporary = finished.copy.temporary,
                                            .id = finished.copy.id,
                                            .kind = Kind::file,
                                            .bytes = task.source.identity.size});
    end(pass, finished, std::nullopt, finished.copy.temporary);
    return;
  }
  note_exception(task.folder->row.key, task.name, task.exception.get(),
                 finished.copy.metadata.exception, edits);
  auto now = has_name_already(finished) ? finished.copy.named : rename(pass, finished);
  if (!pass.memory.is_usable()) now.reset();
  now = if_as_left(pass, finished, now);
  end(pass, finished, now);
  if (!now) return;
  remember(pass, task, finished.fingerprint, finished.chunks,
           {.identity = *now,
            .origin = Origin::written,
            .attributes_kept = !finished.copy.metadata.lacking.any_attributes()},
           edits);
}

void copy_again(Pass& pass, FileTask& task, std::vector<FileTask>& again) {
  pass.books.done.bytes -= task.counted_bytes;
  again.push_back(std::move(task));
}

// What is mounted there does not go away by itself.
bool is_mounted(Pass& pass, const FileTask& task) {
  const auto now = pass.handles.get(*task.folder)->look(task.name);
  return now && now->mount_root;
}

// When to ask again for its place, which somebody else has at the moment.
std::optional<Patience::Clock::time_point> when_free(Pass& pass, Finished& finished,
                                                     const Failure& failure) {
  const bool has_temporary = !finished.copy.temporary.empty();
  if (!has_temporary || !may_pass(failure.error_number) || pass.brakes.stopping())
    return std::nullopt;
  try {
    if (is_mounted(pass, finished.task)) return std::nullopt;
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
  return finished.task.patience.next();
}

// So far the group's flush, which may take long, could be interrupted and cost nothing.
void end_journal(Pass& pass, Finished& finished, FlushMethod method) {
  const auto folder = pass.handles.get(*finished.task.folder);
  auto file = open_changeable(pass, *folder, finished.copy.temporary);
  if (!is_copy_of(pass, *folder, file, finished.task))
    throw filesystem::SystemError("recognise", finished.copy.temporary, ESTALE);
  file.resize(finished.task.source.identity.size);
  finished.copy.metadata = complete(pass, finished.task, file).metadata;
  finished.copy.has_journal = false;
  if (method != FlushMethod::none) file.flush();
}

// True: it was stopped, and stays for the next run.
bool is_left(Pass& pass, const Finished& finished, std::vector<Event>& events) {
  if (!finished.copy.has_journal || !is_known_again(pass, finished.task)) return false;
  if (!is_surely_known_again(finished.task)) return true;
  const std::uint64_t size = finished.task.source.identity.size;
  events.emplace_back(Notice{.path = path_of(*finished.task.folder, finished.task.name),
                             .code = NoticeCode::copy_kept,
                             .numbers = {size, size}});
  return true;
}

// It is not published, since the pass is stopping.
void drop(Pass& pass, Finished& finished, Outcomes& out) {
  if (is_left(pass, finished, out.events))
    be_over(pass, finished, out);
  else
    give_up(pass, finished, out);
}

// Of a pass that is stopping, where each file is flushed alone: a single call would wait for what
// everybody else wrote, too. What the next run goes on with need not be flushed: nothing of it is
// lost.
bool may_be_flushed(Pass& pass, const Finished& finished, StopAllowance& allowance) {
  if (pass.brakes.is_abandoned()) return false;
  if (finished.copy.has_journal && is_known_again(pass, finished.task)) return false;
  return allowance.take(finished.task.source.identity.size + lone_flush_cost);
}

}  // namespace

bool StopAllowance::take(std::uint64_t bytes) {
  std::uint64_t left = left_;
  while (bytes <= left)
    if (left_.compare_exchange_weak(left, left - bytes)) return true;
  return false;
}

Outcomes publish(Pass& pass, PublishGroup& group, StopAllowance& allowance) {
  Outcomes out;
  out.over.reserve(group.files.size());
  out.events.reserve(group.files.size());
  out.edits.reserve(group.files.size());
  const bool was_stopping = pass.brakes.stopping() && group.method != FlushMethod::none;
  if (was_stopping)
    std::erase_if(group.files, [&](Finished& finished) {
      if (may_be_flushed(pass, finished, allowance)) return false;
      drop(pass, finished, out);
      return true;
    });
  const bool flushed =
      group.method == FlushMethod::none || (!was_stopping && flush_together(pass, group));
  IntentionGroup intentions{pass};
  write_down(pass, group, intentions);
  ReadBack read_back;
  for (Finished& finished : group.files) {
    FileTask& task = finished.task;
    bool is_dropped = !flushed && !was_stopping && pass.brakes.stopping() &&
                      !may_be_flushed(pass, finished, allowance);
    bool is_copied_again = false;
    std::optional<Patience::Clock::time_point> when;
    const bool published =
        !is_dropped && attempt(
                           *task.folder, task.name,
                           [&] {
                             if (!flushed) flush_alone(pass, finished);
                             is_dropped = pass.terms.options.verify && !finished.is_verified &&
                                          !read_back.verify(pass, finished);
                             if (is_dropped) return;
                             finished.is_verified = pass.terms.options.verify;
                             if (finished.copy.has_journal)
                               end_journal(pass, finished, group.method);
                             is_copied_again = !name_unnamed(pass, finished);
                             if (!is_copied_again) give_name(pass, finished, out.edits);
                           },
                           [&](Failure failure) {
                             when = when_free(pass, finished, failure);
                             if (when) return;
                             restrict_rights(pass, task);
                             if (may_pass(failure.error_number)) explain_held(failure);
                             explain_taken_name(pass, *task.folder, task.name, failure, out.edits);
                             out.events.emplace_back(std::move(failure));
                           });
    if (is_dropped) {
      drop(pass, finished, out);
      continue;
    }
    if (is_copied_again) {
      copy_again(pass, task, out.again);
      continue;
    }
    if (when) {
      if (!finished.is_verified) pass.books.secured -= std::exchange(finished.secured, 0);
      out.held_finished.push_back({.what = std::move(finished), .when = *when});
      continue;
    }
    if (!published)
      discard(pass, finished);
    else if (!task.displaces)
      out.events.emplace_back(action_on(finished));
    if (published && finished.copy.metadata.failure)
      out.events.emplace_back(
          failure_of(path_of(*task.folder, task.name), *finished.copy.metadata.failure));
    be_over(pass, finished, out);
  }
  return out;
}

}  // namespace syncline::engine
