// SPDX-License-Identifier: MIT
#include "stages/write.h"

#include "filesystem/atomic_file.h"
#include "md5/md5.h"
#include "stages/compare.h"
#include "stages/decide.h"
#include "stages/failures.h"
#include "stages/remember.h"
#include "stages/touch.h"

#include <algorithm>

namespace syncline::stages {
namespace {

// Between two slices a stop request is heeded.
constexpr std::uint64_t fill_slice_bytes = 16U << 20U;

Terms terms_of(const Pass& pass, const FileTask& task) {
  return {.privileges = pass.privileges,
          .trust = pass.trust_in(*task.folder),
          .keep_doubtful = pass.options.keep_doubtful};
}

/// A copy that has all but its final name.
struct Copy {
  std::string temporary;
  FileId id;
};

const char* words(decision::Rot::Destination destination) {
  switch (destination) {
    case decision::Rot::Destination::good:
      return "the destination still holds what is remembered. Copy the file back from there "
             "(--restore does so for all files)";
    case decision::Rot::Destination::other:
      return "the destination does not hold what is remembered either. Bring the file back from "
             "elsewhere";
    case decision::Rot::Destination::unread:
      break;
  }
  return "the destination has no such file that can be read. Bring it back from elsewhere";
}

Action action_on(const FileTask& task, Verb verb, std::string reason) {
  return {.verb = verb,
          .kind = Kind::file,
          .path = path_of(*task.folder, task.name),
          .reason = std::move(reason),
          .bytes = 0,
          .digest = {}};
}

// Carries out one file's decision; `finish_copy` makes its temporary.
template <typename FinishCopy>
struct CarryOut {
  Pass& pass;
  LoadedFile& file;
  const std::vector<Md5>& chunks;
  FinishCopy finish_copy;
  Outcomes& out;

  void operator()(decision::Leave /*unused*/) {
    prove();
    remember_as(file.task.destination->identity);
    over();
  }

  void operator()(const decision::SetMetadata& decided) {
    const FileTask& task = file.task;
    prove();
    Action action = action_on(task, Verb::set_metadata,
                              describe(decided.change, task.source, *task.destination));
    action.digest = file.digest;
    const bool done =
        pass.options.dry_run ||
        attempt(
            *task.folder, task.name, [&] { set_metadata(decided.change); }, reporter());
    if (done) out.events.emplace_back(std::move(action));
    over();
  }

  void operator()(const decision::Publish& decided) {
    FileTask& task = file.task;
    if (task.destination && file.progress == Progress::equal)
      task.reason = describe(difference(task.source, *task.destination, pass.privileges),
                             task.source, *task.destination) +
                    ", linked elsewhere";
    else if (task.destination)
      task.reason = describe(decided.cause);
    count(decided.cause);
    if (pass.options.dry_run) {
      Action action = action_on(task, task.verb, task.reason);
      action.bytes = task.source.identity.size;
      action.digest = file.digest;
      out.events.emplace_back(std::move(action));
      over();
      return;
    }
    Copy copy;
    if (attempt(
            *task.folder, task.name, [&] { copy = finish_copy(); }, reporter()))
      out.finished.push_back(
          {std::move(task), std::move(copy.temporary), copy.id, file.digest, chunks});
    else
      over();
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
    if (pass.has_index())
      out.edits.emplace_back(
          index::edit::MarkRotten{.folder = file.task.folder->row.key, .name = file.task.name});
    fail(
        FailureKind::rot,
        std::string("bytes of the source changed under an unchanged identity, as bit rot does: not "
                    "mirrored; ") +
            words(decided.destination) + ", or 'touch' it to have it mirrored as it is");
  }

  void operator()(decision::Doubt /*unused*/) {
    ++pass.totals.silent;
    ++pass.totals.doubtful;
    fail(FailureKind::doubt,
         "other content of the same size and mtime: both sides were left alone");
  }

  void operator()(decision::GiveUp /*unused*/) {
    fail(FailureKind::changed, "changed each time it was read: not copied");
  }

  void operator()(decision::Report /*unused*/) {
    out.events.emplace_back(std::move(file.failure));
    over();
  }

  void operator()(decision::Drop /*unused*/) { over(); }

 private:
  void over() { out.over.push_back(std::move(file.task.folder)); }
  void again() { out.again.push_back(std::move(file.task)); }

  void fail(FailureKind kind, std::string detail) {
    out.events.emplace_back(
        failure_of(path_of(*file.task.folder, file.task.name), kind, std::move(detail)));
    over();
  }

  void prove() { pass.totals.proved.add({.entries = 1, .bytes = file.task.source.identity.size}); }

  void set_metadata(MetadataChange change) {
    const FileTask& task = file.task;
    const auto directory = pass.handles.get(*task.folder, Side::destination);
    const Identity before =
        directory->set_metadata(task.name, task.destination->identity.id, task.source, change);
    if (!pass.has_index() || before != task.destination->identity) return;
    const auto now = directory->look(task.name);
    if (now && is_as_left(before, now->identity, change, task.source)) remember_as(now->identity);
  }

  void remember_as(const Identity& destination) {
    remember(pass, file.task, file.digest, chunks, destination, Origin::read, out.edits);
  }

  // What deserves a word even where actions are not told.
  void count(Cause cause) {
    if (cause == Cause::edited) return;
    ++(cause == Cause::rotten_destination ? pass.totals.repaired : pass.totals.silent);
    if (cause == Cause::doubtful) ++pass.totals.doubtful;
    if (cause == Cause::rotten_destination || cause == Cause::doubtful)
      out.events.emplace_back(
          Notice{.path = path_of(*file.task.folder, file.task.name),
                 .text = std::string(describe(cause)) + ": the source's is taken"});
  }

  auto reporter() {
    return [this](Failure failure) { out.events.emplace_back(std::move(failure)); };
  }
};

template <typename FinishCopy>
void carry_out(Pass& pass, LoadedFile& file, const std::vector<Md5>& chunks, FinishCopy finish_copy,
               Outcomes& out) {
  std::visit(CarryOut<FinishCopy>{pass, file, chunks, std::move(finish_copy), out},
             decide(file, terms_of(pass, file.task)));
}

// What the new file got from its creation may be right already: on most files the owner and group
// are.
Copy complete(Pass& pass, const FileTask& task, filesystem::AtomicFile& copy) {
  const Entry made = copy.file().look();
  copy.file().set_metadata(task.source, difference(task.source, made, pass.privileges));
  return {.temporary = copy.finish(), .id = made.identity.id};
}

// What the old file holds already comes from there, inside the kernel.
void fill_equal_bytes(Pass& pass, ChunkedFile& chunked) {
  filesystem::File& copy = copy_of(pass, chunked);
  for (std::uint32_t index = 0; index < chunked.chunk_count(); ++index) {
    const std::uint64_t begin = index * chunk_bytes;
    const std::uint64_t end = begin + chunked.equal_bytes[index];
    for (std::uint64_t at = begin; at < end && !pass.stopping();) {
      const std::uint64_t slice = std::min(fill_slice_bytes, end - at);
      copy.copy_from(*chunked.old, at, slice);
      at += slice;
    }
  }
}

// The old file gave some of the bytes: it must not have moved since it was compared.
bool old_file_stood_still(const ChunkedFile& chunked) {
  return !chunked.old || chunked.old->look().identity == chunked.file.task.destination->identity;
}

}  // namespace

Outcomes write(Pass& pass, FileGroup& group) {
  Outcomes out;
  for (LoadedFile& file : group.files) {
    if (pass.stopping()) file.progress = Progress::dropped;
    const auto finish_copy = [&] {
      const FileTask& task = file.task;
      touch(pass, *task.folder);
      filesystem::AtomicFile copy{pass.handles.get(*task.folder, Side::destination)};
      copy.file().write(file.content, 0);
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
          file.digest = md5::of_chunks(chunked.chunks);
          if (!pass.options.dry_run &&
              std::holds_alternative<decision::Publish>(decide(file, terms_of(pass, file.task))))
            fill_equal_bytes(pass, chunked);
          if (chunked.hashed->look().identity != file.task.hashed().identity ||
              !old_file_stood_still(chunked))
            file.progress = Progress::changed;
        },
        [&](Failure failure) {
          file.progress = Progress::failed;
          file.failure = std::move(failure);
        });
  }
  if (pass.stopping()) file.progress = Progress::dropped;
  carry_out(
      pass, file, chunked.chunks, [&] { return complete(pass, file.task, *chunked.copy); }, out);
  chunked.copy.reset();
  return out;
}

}  // namespace syncline::stages
