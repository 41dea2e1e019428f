// SPDX-License-Identifier: MIT
#include "content/write.h"

#include "content/copying.h"
#include "content/decide.h"
#include "content/hash.h"
#include "content/naming.h"
#include "content/partial.h"
#include "content/read.h"
#include "content/readable.h"
#include "content/remember.h"
#include "content/restrict.h"
#include "filesystem/atomic_file.h"
#include "filesystem/clock.h"
#include "judge/compare.h"
#include "model/handover.h"
#include "model/wanted.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "replica/change_metadata.h"
#include "replica/exceptions.h"
#include "replica/keep.h"
#include "replica/link_notes.h"
#include "replica/newborn.h"
#include "replica/spelling.h"
#include "replica/touch.h"
#include "replica/unchanged.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace syncline::engine {
namespace {

// Between two slices a stop request is heeded.
constexpr std::uint64_t fill_slice_bytes = 16U << 20U;

Grounds grounds_of(const Pass& pass, const FileTask& task) {
  return {.means = means_of(pass, task),
          .trust = pass.terms.trust_in(*task.folder),
          .keep_doubtful = pass.terms.options.keep_doubtful};
}

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

Action action_on(const FileTask& task, Verb verb, const Reason& reason) {
  return {.verb = verb,
          .kind = Kind::file,
          .path = path_of(*task.folder, task.name),
          .reason = reason,
          .bytes = 0,
          .digest = {},
          .difference = task.difference,
          .replaced = task.replaced,
          .properties = properties_of(task.source)};
}

// Carries out one file's decision; `finish_copy` makes its temporary.
template <typename FinishCopy>
struct CarryOut {
  Pass& pass;
  LoadedFile& file;
  const std::vector<Fingerprint>& chunks;
  FinishCopy finish_copy;
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
    Action action = action_on(task, Verb::set_metadata,
                              reason_of(decided.change, task.source, *task.destination));
    action.difference = all_difference();
    action.digest = file.fingerprint.digest;
    bool has_set = pass.terms.options.dry_run;
    if (!has_set)
      attempt(
          *task.folder, task.name, [&] { has_set = set_metadata(); }, reporter());
    if (has_set) out.events.emplace_back(std::move(action));
    over();
  }

  void operator()(const decision::Publish& decided) {
    FileTask& task = file.task;
    task.repeats.reset();
    const bool is_repeated =
        decided.is_equal || (task.is_afresh && task.standing == Standing::proved);
    if (task.destination && is_repeated) task.repeats = task.destination->identity;
    if (task.is_afresh) task.destination.reset();  // nothing of it counts
    if (task.destination && decided.is_equal)
      task.reason = why_replaced();
    else if (decided.cause == Cause::unreadable)
      task.reason = {ReasonCode::file_unreadable, reason::Unreadable{task.unreadable}};
    else if (task.destination)
      task.reason = {reason_of(decided.cause)};
    if (task.destination) {
      task.difference = all_difference();
      task.difference.content = !decided.is_equal && decided.cause != Cause::unreadable;
    }
    task.reason.resumed_bytes = kept_bytes;
    announce_securing(pass, task);
    if (pass.terms.options.dry_run) {
      count(decided.cause);
      Action action =
          action_on(task, is_shut(decided.cause) ? Verb::check : task.verb, task.reason);
      action.bytes = task.source.identity.size;
      action.digest = file.fingerprint.digest;
      out.events.emplace_back(std::move(action));
      over();
      return;
    }
    Copy copy;
    bool is_held = false;
    const auto on_failure = [&](Failure failure) {
      is_held = may_pass(failure.error_number) && ask_again();
      if (!is_held) reporter()(std::move(failure));
    };
    const bool is_copied = attempt(
        *task.folder, task.name, [&] { copy = finish_copy(); }, on_failure);
    if (is_held) return;
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

  [[nodiscard]] Difference all_difference() const {
    const FileTask& task = file.task;
    return difference_between(task.source, *task.destination, means_of(pass, task));
  }

  // A file that holds the same bytes.
  [[nodiscard]] Reason why_replaced() const {
    const FileTask& task = file.task;
    const MetadataChange change = difference(task.source, *task.destination, means_of(pass, task));
    const bool is_handed_over = changes_hands(*task.destination, task.source, change);
    return reason_of(
        change, task.source, *task.destination,
        is_handed_over ? ReasonCode::metadata_handed_over : ReasonCode::metadata_linked_elsewhere);
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

  void remember_as(const Identity& destination, MetadataChange unkept) {
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

  // In a dry run: whoever is not in one would open it up.
  [[nodiscard]] bool is_shut(Cause cause) const {
    const FileTask& task = file.task;
    return cause == Cause::unreadable && task.unreadable == EACCES && task.destination &&
           pass.terms.privileges.is_shut_out(*task.destination, Privileges::owner_reads);
  }

  auto reporter() {
    return [this](Failure failure) {
      if (failure.error_number == ENOSPC || failure.error_number == EDQUOT)
        pass.replica.room.note_full();
      restrict_rights(pass, file.task);
      explain_taken_name(pass, *file.task.folder, file.task.name, failure, out.edits);
      out.events.emplace_back(std::move(failure));
    };
  }
};

template <typename FinishCopy>
void carry_out(Pass& pass, LoadedFile& file, const std::vector<Fingerprint>& chunks,
               FinishCopy finish_copy, Outcomes& out, std::uint64_t kept_bytes = 0) {
  std::visit(CarryOut<FinishCopy>{pass, file, chunks, std::move(finish_copy), out, kept_bytes},
             decide(file, grounds_of(pass, file.task)));
}

// What a copy takes the place of, where it takes over some of that one's metadata.
std::optional<Entry> old_of(Pass& pass, const FileTask& task) {
  if (pass.terms.keeps_all_metadata() || task.displaces) return std::nullopt;
  const auto folder = pass.handles.get(*task.folder, Side::destination);
  auto old = folder->look(task.name);
  if (!old) return std::nullopt;
  try {
    look_at_attributes(pass, *folder, task.name, *old);
  } catch (const filesystem::SystemError&) {
    // They are gone with it.
  }
  return old;
}

Copy complete(Pass& pass, const FileTask& task, filesystem::AtomicFile& atomic) {
  Copy copy = complete(pass, task, atomic.file());
  copy.temporary = atomic.finish();
  return copy;
}

void write_content(Pass& pass, const LoadedFile& file, filesystem::File& copy) {
  if (!file.data) {
    copy.write(file.content, 0);
    pass.books.bytes_written += file.content.size();
    pass.throttle.have_written(file.content.size());
    return;
  }
  for (const auto& [begin, end] : *file.data) {
    copy.write(file.content.subspan(begin, end - begin), begin);
    pass.books.bytes_written += end - begin;
    pass.throttle.have_written(end - begin);
  }
  copy.resize(file.content.size());
}

bool has_strong_stamps(const FileTask& task) {
  return task.folder->side(Side::destination).stamping.is_strong();
}

// Of a new file no list of access matters that it got from its folder, unless its file system may
// take without a word, and drop, what is to replace it.
Entry look_at_made(const FileTask& task, const filesystem::File& file) {
  Entry made = file.look();
  if (task.in_place || !has_strong_stamps(task)) made.attributes = file.attributes();
  return made;
}

/// How the rights of a new file came about.
enum class Rights : std::uint8_t {
  of_its_creation,  ///< it was created with those that it shall have, as the system has it
  none,             ///< it is private
};

Since since(const FileTask& task, Rights rights) {
  if (task.in_place) return Since::met;
  return rights == Rights::none ? Since::made_private : Since::made;
}

// What the new file got from its creation may be right already: on most files the owner and group
// are.
Copy complete(Pass& pass, const FileTask& task, filesystem::File& file, const Entry& made,
              Rights rights) {
  const auto old = old_of(pass, task);
  std::optional<Entry> created;
  if (rights == Rights::none && !pass.terms.options.metadata.mode &&
      pass.terms.is_new(*task.folder, task.source, old))
    created = as_created(*pass.handles.get(*task.folder, Side::destination),
                         rights_to_create(task.source, pass.terms.options.metadata));
  Entry want = pass.terms.wanted(*task.folder, task.source, old, created ? *created : made);
  const Since how = since(task, rights);
  const filesystem::RightsBefore before = how == Since::made_private && has_strong_stamps(task)
                                              ? filesystem::RightsBefore::none
                                              : filesystem::RightsBefore::seen;
  MetadataResult result = keep_metadata(
      pass, *task.folder, task.name, want, made, nullptr, how,
      [&](MetadataChange change) { return file.set_metadata(want, change, before); },
      [&] {
        Entry now = file.look();
        now.attributes = file.attributes();
        return now;
      });
  return {.temporary = {}, .id = made.identity.id, .named = {}, .metadata = std::move(result)};
}

// Sets what was taken for right and is not. Returns the id of the file.
FileId mend(Pass& pass, const FileTask& task, filesystem::File& file) {
  const Entry now = file.look();
  const MetadataChange wrong =
      difference(task.source, now, pass.terms.means_for_wanted(*task.folder));
  if (wrong.any()) file.set_metadata(task.source, wrong);
  return now.identity.id;
}

// By rights_to_create().
Rights rights_of_unnamed(const Pass& pass) {
  return pass.terms.options.metadata.mode ? Rights::none : Rights::of_its_creation;
}

// Completes the copy and names it at once. nullopt: it cannot be given a name.
std::optional<Copy> complete_and_name(Pass& pass, const FileTask& task, filesystem::File& unnamed,
                                      std::uint32_t rights, Newborn& newborn) {
  // Where it is looked at again, and nobody else can change the folder's group meanwhile.
  const auto& folder = task.folder->destination;
  const bool is_ours = folder && folder->uid == pass.terms.privileges.user;
  const bool may_be_like = pass.memory.is_usable() && pass.terms.keeps_all_metadata() && is_ours &&
                           has_strong_stamps(task);
  const Entry* const like = may_be_like ? newborn.like(*task.folder, rights) : nullptr;
  const Entry& made =
      like != nullptr ? *like : newborn.note(*task.folder, rights, look_at_made(task, unnamed));
  Copy copy = complete(pass, task, unnamed, made, rights_of_unnamed(pass));
  std::optional<Entry> named;
  if (!give_name(pass, task, unnamed, named)) return std::nullopt;
  const bool has_times = pass.terms.options.metadata.times &&
                         !is_exception(copy.metadata.exception.get(), Aspect::mtime);
  const bool is_like =
      like == nullptr || (named && was_made_like(task.source, made, *named, has_times));
  if (!is_like) {
    copy.id = mend(pass, task, unnamed);
  } else if (named) {
    copy.id = named->identity.id;
    copy.named = named->identity;
  }
  return copy;
}

// A new file has no name until it is whole. Not flushed, it costs in memory 18.0 µs of CPU for 9 KB
// instead of 22.1 with a temporary's, on XFS 35 instead of 48, on ext4 37 instead of 39. nullopt
// where it cannot be.
std::optional<Copy> copy_without_name(Pass& pass, const LoadedFile& file,
                                      const filesystem::Directory& folder, Newborn& newborn) {
  const FileTask& task = file.task;
  const auto& unheld = task.folder->side(Side::destination).unheld;
  const bool is_new = task.verb == Verb::create && !task.displaces && !task.in_place;
  if (!is_new || pass.terms.options.verify || !unheld || unheld->unnamed) return std::nullopt;
  const Naming naming = pass.replica.durability.naming(pass.handles, *task.folder);
  UnnamedPlaces::Place place;
  if (naming == Naming::when_flushed) place = pass.replica.unnamed.take();
  if (naming != Naming::at_once && !place) return std::nullopt;
  const std::uint32_t mode = rights_to_create(task.source, pass.terms.options.metadata);
  auto unnamed = folder.create_unnamed(mode);
  if (!unnamed) {
    unheld->unnamed = true;
    return std::nullopt;
  }
  write_content(pass, file, *unnamed);
  if (!place) return complete_and_name(pass, task, *unnamed, mode, newborn);
  Copy copy = complete(pass, task, *unnamed, look_at_made(task, *unnamed), rights_of_unnamed(pass));
  copy.unnamed = {.place = std::move(place), .file = std::move(*unnamed)};
  return copy;
}

// It is the copy that takes no more.
bool means_no_room(int error_number) {
  return error_number == ENOSPC || error_number == EDQUOT || error_number == EROFS ||
         error_number == EFBIG;
}

// False: it could be read when it was compared, and cannot now.
bool copy_from_old(ChunkedFile& chunked, filesystem::Extent slice, filesystem::File& copy) {
  try {
    copy.copy_from(*chunked.old, slice.begin, slice.end - slice.begin);
    return true;
  } catch (const filesystem::SystemError& error) {
    const int why = error.error_number();
    if (error.operation() == "write" || means_no_room(why) || !means_unreadable(why)) throw;
    note_unreadable(chunked, why);
    return false;
  }
}

// What the old file holds already comes from there, inside the kernel. False: it gives that no
// more.
bool fill_equal_bytes(Pass& pass, ChunkedFile& chunked) {
  filesystem::File& copy = copy_of(pass, chunked);
  if (chunked.fill != Fill::written) return true;
  for (std::size_t place = 0; place < chunked.data.size(); ++place) {
    const std::uint64_t begin = chunked.data[place] * chunk_bytes;
    const std::uint64_t end = begin + chunked.equal_bytes[place];
    for (std::uint64_t at = begin; at < end && !pass.brakes.stopping();) {
      filesystem::Extent slice{at, std::min(at + fill_slice_bytes, end)};
      at = slice.end;
      if (chunked.has_holes) {
        const auto data = chunked.hashed->data_in(slice.begin, slice.end);
        if (!data) continue;
        slice = *data;
        at = slice.end;
      }
      if (!copy_from_old(chunked, slice, copy)) return false;
      pass.books.bytes_written += slice.end - slice.begin;
      pass.throttle.have_read(slice.end - slice.begin);
      pass.throttle.have_written(slice.end - slice.begin);
    }
  }
  return true;
}

// The old file gave some of the bytes: it must not have moved since it was compared.
bool old_file_stood_still(const ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  const bool is_compared = chunked.old && task.destination && !task.is_afresh;
  return !is_compared || chunked.in_place ||
         chunked.old->look().identity == task.destination->identity;
}

// Its metadata comes last, and so does the end of its journal, right before its name: until then it
// can be left for the next run.
Copy close_with_journal(ChunkedFile& chunked) {
  chunked.journal->close();
  const FileId id = chunked.copy->file().look().identity.id;
  return {.temporary = chunked.copy->finish(), .has_journal = true, .id = id, .named = {}};
}

Copy finish(Pass& pass, ChunkedFile& chunked) {
  if (chunked.in_place) return complete(pass, chunked.file.task, *chunked.in_place);
  if (chunked.journal) return close_with_journal(chunked);
  return complete(pass, chunked.file.task, *chunked.copy);
}

}  // namespace

Copy complete(Pass& pass, const FileTask& task, filesystem::File& file) {
  return complete(pass, task, file, look_at_made(task, file), Rights::none);
}

Outcomes write(Pass& pass, FileGroup& group) {
  Outcomes out;
  out.finished.reserve(group.files.size());
  Newborn newborn;
  for (LoadedFile& file : group.files) {
    if (pass.brakes.stopping()) file.progress = Progress::dropped;
    const auto finish_copy = [&] {
      const FileTask& task = file.task;
      touch(pass, *task.folder);
      const auto folder = pass.handles.get(*task.folder, Side::destination);
      if (auto unnamed = copy_without_name(pass, file, *folder, newborn))
        return std::move(*unnamed);
      filesystem::AtomicFile copy{folder};
      write_content(pass, file, copy.file());
      return complete(pass, task, copy);
    };
    carry_out(pass, file, {}, finish_copy, out);
  }
  return out;
}

Outcomes write(Pass& pass, ChunkedFile& chunked) {
  Outcomes out;
  LoadedFile& file = chunked.file;
  if (file.progress == Progress::waiting) {
    const bool compared = file.task.reads == Reads::both;
    file.progress = compared && !chunked.differs ? Progress::equal : Progress::loaded;
    attempt(
        *file.task.folder, file.task.name,
        [&] {
          file.fingerprint = fingerprint_of(pass, chunked.data, chunked.chunks);
          const bool is_published =
              !pass.terms.options.dry_run &&
              std::holds_alternative<decision::Publish>(decide(file, grounds_of(pass, file.task)));
          if ((is_published && !fill_equal_bytes(pass, chunked)) ||
              chunked.hashed->look().identity != file.task.hashed().identity ||
              !old_file_stood_still(chunked))
            file.progress = Progress::changed;
        },
        [&](Failure failure) {
          file.progress = Progress::failed;
          file.failure = std::move(failure);
        });
  }
  if (pass.brakes.stopping()) file.progress = Progress::dropped;
  leave_for_next(pass, chunked, out.events);
  file.hashed_bytes = chunked.hashed_bytes;
  carry_out(
      pass, file, all_chunks(pass, chunked.data, chunked.chunks),
      [&] { return finish(pass, chunked); }, out, chunked.kept_bytes);
  chunked.journal.reset();
  chunked.copy.reset();
  chunked.in_place.reset();
  return out;
}

}  // namespace syncline::engine
