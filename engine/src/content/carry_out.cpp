// SPDX-License-Identifier: MIT
#include "content/carry_out.h"

#include "content/remember.h"
#include "content/restrict.h"
#include "filesystem/explained.h"
#include "judge/compare.h"
#include "model/handover.h"
#include "pass/admission.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/patience.h"
#include "replica/change_metadata.h"
#include "replica/intentions.h"
#include "replica/keep.h"
#include "replica/link_notes.h"
#include "replica/spelling.h"
#include "replica/unchanged.h"

#include <cerrno>
#include <utility>
#include <variant>

namespace syncline::engine {
namespace {

FailureCode code_of(decision::Rot::Destination destination) {
  switch (destination) {
    case decision::Rot::Destination::good:
      return FailureCode::rot_destination_good;
    case decision::Rot::Destination::other:
      return FailureCode::rot_destination_other;
    case decision::Rot::Destination::unread:
      break;
  }
  return FailureCode::rot_destination_unread;
}

// The source's file cannot be read, by whatever name.
bool is_of_source(const FileTask& task, const Failure& failure) {
  const bool is_reading = failure.operation == "open for reading" || failure.operation == "read";
  return is_reading && !task.failed_there && task.reads != Reads::destination &&
         (means_unreadable(failure.error_number) || may_pass(failure.error_number));
}

// As it was read, where it was.
Preconditions given(const FileTask& task) {
  Preconditions given = task.given;
  given.source = source_precondition_of(task.source);
  if (task.destination) given.destination = precondition_of(*task.destination, task.was_moved);
  return given;
}

Action action_on(const FileTask& task, Verb verb, const Reason& reason) {
  return {.verb = verb,
          .kind = Kind::file,
          .path = path_of(*task.folder, task.name),
          .reason = reason,
          .bytes = 0,
          .digest = {},
          .difference = task.difference,
          .replaced = task.replaced,
          .properties = properties_of(task.source),
          .given = given(task)};
}

// A pass that only tells sees things where it would have moved them.
bool is_where_it_is_told(Pass& pass, const FileTask& task) {
  const auto seen = pass.handles.view(*task.folder);
  const auto place = seen->place_of(task.name);
  return place && place->name == task.name &&
         (!place->folder || place->folder->directory() == seen->directory());
}

Difference all_difference(const Pass& pass, const FileTask& task) {
  return difference_between(task.source, *task.destination, means_of(pass, task));
}

// A file that holds the same bytes.
Reason why_replaced(const Pass& pass, const FileTask& task) {
  const MetadataChange change = difference(task.source, *task.destination, means_of(pass, task));
  const bool is_handed_over = changes_hands(*task.destination, task.source, change);
  return reason_of(
      change, task.source, *task.destination,
      is_handed_over ? ReasonCode::metadata_handed_over : ReasonCode::metadata_linked_elsewhere);
}

// In a dry run: whoever is not in one would open it up.
bool is_shut(const Pass& pass, const FileTask& task, Cause cause) {
  return cause == Cause::unreadable && task.unreadable == EACCES && task.destination &&
         pass.terms.privileges.is_shut_out(*task.destination, Privileges::owner_reads);
}

// Carries out one file's decision; `finish_copy` makes its temporary.
struct CarryOut {
  Pass& pass;
  LoadedFile& file;
  const std::vector<Fingerprint>& chunks;
  const std::function<Copy()>& finish_copy;
  Outcomes& out;
  std::uint64_t kept_bytes = 0;  ///< that an interrupted copy held

  void operator()(decision::Leave /*unused*/) {
    const FileTask& task = file.task;
    prove();
    const MetadataChange unkept = count_unkept(pass, *task.folder, task.name, task.source,
                                               *task.destination, means_of(pass, task));
    remember_as(task.destination->identity, unkept);
    end(task.destination->identity, task.exception);
    if (pass.terms.options.tell_proofs) tell_proof();
    tell_unchanged(pass, *task.folder, task.name, task.source, out.events);
    over();
  }

  void operator()(const decision::SetMetadata& decided) {
    const FileTask& task = file.task;
    prove();
    if (!may(Verb::set_metadata)) return leave_it();
    Action action = action_on(task, Verb::set_metadata,
                              reason_of(decided.change, task.source, *task.destination));
    action.difference = all_difference(pass, task);
    action.digest = file.fingerprint.digest;
    bool has_set = pass.terms.options.dry_run;
    if (!has_set)
      attempt(
          *task.folder, task.name, [&] { has_set = set_metadata(); },
          [&](Failure failure) { note_failed(std::move(failure)); });
    if (has_set) out.events.emplace_back(std::move(action));
    over();
  }

  void operator()(const decision::Publish& decided) {
    FileTask& task = file.task;
    if (!may(task.verb)) return leave_it();
    task.repeats.reset();
    const bool is_repeated =
        decided.is_equal || (task.is_afresh && task.standing == Standing::proved);
    if (task.destination && is_repeated) task.repeats = task.destination->identity;
    if (task.is_afresh) task.destination.reset();  // nothing of it counts
    if (task.destination && decided.is_equal)
      task.reason = why_replaced(pass, task);
    else if (decided.cause == Cause::unreadable)
      task.reason = {ReasonCode::file_unreadable, reason::Unreadable{task.unreadable}};
    else if (task.destination)
      task.reason = {reason_of(decided.cause)};
    if (task.destination) {
      task.difference = all_difference(pass, task);
      task.difference.content = !decided.is_equal && decided.cause != Cause::unreadable;
    }
    task.reason.resumed_bytes = kept_bytes;
    announce_securing(pass, task);
    if (pass.terms.options.dry_run) {
      count(decided.cause);
      Action action = action_on(task, is_shut(pass, task, decided.cause) ? Verb::check : task.verb,
                                task.reason);
      action.bytes = task.source.identity.size;
      action.digest = file.fingerprint.digest;
      tell_leader(pass, *task.folder, task.name, task.leads, action.verb);
      out.events.emplace_back(std::move(action));
      over();
      return;
    }
    Copy copy;
    bool is_put_off = false;
    const auto on_failure = [&](Failure failure) {
      is_put_off = may_pass(failure.error_number) && ask_again();
      if (!is_put_off && has_made_room(failure)) {
        again();
        is_put_off = true;
      }
      if (!is_put_off) note_failed(std::move(failure));
    };
    const bool is_copied = attempt(
        *task.folder, task.name, [&] { copy = finish_copy(); }, on_failure);
    if (is_put_off) return;
    count(decided.cause);
    if (is_copied) {
      count_bytes();
      out.finished.emplace_back(std::move(task), std::move(copy), file.fingerprint, chunks);
    } else {
      over();
    }
  }

  void operator()(decision::ReadAgain /*unused*/) {
    ++file.task.attempt;
    file.task.copy_only();  // no third side to the race
    again();
  }

  void operator()(decision::ReadBoth /*unused*/) {
    file.task.reads = Reads::both;
    again();
  }

  void operator()(decision::CheckDestination /*unused*/) {
    file.task.is_rotten = true;
    file.task.reads = Reads::destination;
    again();
  }

  void operator()(decision::Rot decided) {
    if (pass.memory.is_usable())
      out.edits.emplace_back(
          index::edit::MarkRotten{.folder = file.task.folder->row.key, .name = file.task.name});
    fail_all_names(failure(FailureKind::rot, code_of(decided.destination)));
  }

  void operator()(decision::Doubt /*unused*/) {
    ++pass.books.silent;
    ++pass.books.doubtful;
    fail(failure(FailureKind::doubt, FailureCode::doubtful));
  }

  void operator()(decision::AskAgain /*unused*/) {
    if (ask_again()) return;
    explain_held(file.failure);
    report();
  }

  void operator()(decision::GiveUp /*unused*/) {
    fail_all_names(failure(FailureKind::changed, FailureCode::changing));
  }

  void operator()(decision::Report /*unused*/) { report(); }

  void operator()(decision::Drop /*unused*/) { over(); }

 private:
  // It may have been looked at anew since that was asked.
  [[nodiscard]] bool may(Verb verb) const {
    const FileTask& task = file.task;
    if (pass.replica.admission == nullptr) return true;
    return task.may.has(verb) && task.given.source == source_precondition_of(task.source);
  }
  void leave_it() {
    leave(pass, path_of(*file.task.folder, file.task.name));
    over();
  }
  void over() {
    count_bytes();
    pass.books.secured += file.task.to_secure;
    ++pass.books.done.entries;
    out.over.push_back(std::move(file.task.folder));
  }
  // False: it was asked for long enough.
  bool ask_again() {
    const auto when = file.task.patience.next();
    if (!when) return false;
    pass.books.done.bytes -= file.hashed_bytes;
    out.held.push_back({.what = std::move(file.task), .when = *when});
    return true;
  }
  void again() {
    pass.books.done.bytes -= file.hashed_bytes;
    out.again.push_back(std::move(file.task));
  }
  // All of it, however much was hashed.
  void count_bytes() {
    pass.books.done.add({.entries = 0, .bytes = file.task.counted_bytes - file.hashed_bytes});
  }

  [[nodiscard]] Failure failure(FailureKind kind, FailureCode code) const {
    return failure_of(path_of(*file.task.folder, file.task.name), kind, code);
  }

  void fail(Failure why) {
    out.events.emplace_back(std::move(why));
    over();
  }

  // Whatever other name of the source's file were tried.
  void fail_all_names(Failure why) {
    if (file.task.leads) pass.replica.links.fail(*file.task.leads, why);
    fail(std::move(why));
  }

  void report() {
    if (is_of_source(file.task, file.failure)) {
      fail_all_names(std::move(file.failure));
      return;
    }
    restrict_rights(pass, file.task);
    fail(std::move(file.failure));
  }

  void tell_proof() {
    const FileTask& task = file.task;
    out.events.emplace_back(Proof{
        .path = path_of(*task.folder, task.name),
        .reason =
            why_read(task.standing, task.known, task.source.identity, task.destination->identity),
        .bytes = task.source.identity.size,
        .digest = file.fingerprint.digest});
  }

  void prove() { pass.books.proved.add({.entries = 1, .bytes = file.task.source.identity.size}); }

  // Returns whether there is something to tell.
  bool set_metadata() {
    const FileTask& task = file.task;
    const auto [result, now, is_as_left] =
        change_metadata(pass, *task.folder, task.name, task.source, *task.destination,
                        task.exception.get(), out.edits);
    if (is_as_left) remember_as(*now, result.lacking);
    if (now) end(*now, result.exception, is_as_left);
    if (result.failure) throw filesystem::ExplainedError(*result.failure);
    return result.has_set;
  }

  void end(const Identity& destination, const ExceptionRef& exception, bool is_known = true) {
    const FileTask& task = file.task;
    if (!task.leads || pass.terms.options.dry_run) return;
    end_leader(pass, *task.folder, task.name, *task.leads, destination, is_known, exception);
  }

  // What is only told as moved is remembered where it still is.
  void remember_as(const Identity& destination, MetadataChange unkept) {
    if (pass.terms.options.dry_run && !is_where_it_is_told(pass, file.task)) return;
    remember(pass, file.task, file.fingerprint, chunks,
             {.identity = destination,
              .origin = Origin::read,
              .attributes_kept = !unkept.any_attributes()},
             out.edits);
  }

  // What deserves a word even where actions are not told.
  void count(Cause cause) {
    if (cause == Cause::edited) return;
    if (cause == Cause::unreadable) {
      if (!pass.terms.options.dry_run) notice(NoticeCode::file_unreadable, file.task.unreadable);
      return;
    }
    ++(cause == Cause::rotten_destination ? pass.books.repaired : pass.books.silent);
    if (cause == Cause::doubtful) ++pass.books.doubtful;
    if (cause == Cause::rotten_destination) notice(NoticeCode::rotten_destination);
    if (cause == Cause::doubtful) notice(NoticeCode::doubtful);
  }

  void notice(NoticeCode code, int error_number = 0) {
    out.events.emplace_back(Notice{.path = path_of(*file.task.folder, file.task.name),
                                   .code = code,
                                   .error_number = error_number});
  }

  static bool means_full(const Failure& failure) {
    return failure.error_number == ENOSPC || failure.error_number == EDQUOT;
  }

  // What older passes keep goes for a copy that else would fail.
  bool has_made_room(const Failure& failure) {
    if (pass.replica.intentions == nullptr || !means_full(failure)) return false;
    try {
      return pass.replica.intentions->make_room(pass);
    } catch (const filesystem::SystemError&) {
      return false;
    }
  }

  void note_failed(Failure failure) {
    if (means_full(failure)) pass.replica.room.note_full();
    restrict_rights(pass, file.task);
    explain_taken_name(pass, *file.task.folder, file.task.name, failure, out.edits);
    out.events.emplace_back(std::move(failure));
  }
};

}  // namespace

Grounds grounds_of(const Pass& pass, const FileTask& task) {
  return {.means = means_of(pass, task),
          .trust = pass.terms.trust_in(*task.folder),
          .keep_doubtful = pass.terms.options.keep_doubtful};
}

void carry_out(Pass& pass, LoadedFile& file, const std::vector<Fingerprint>& chunks,
               const std::function<Copy()>& finish_copy, Outcomes& out, std::uint64_t kept_bytes) {
  std::visit(CarryOut{pass, file, chunks, finish_copy, out, kept_bytes},
             decide(file, grounds_of(pass, file.task)));
}

}  // namespace syncline::engine
