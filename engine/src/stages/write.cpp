// SPDX-License-Identifier: MIT
#include "stages/write.h"

#include "filesystem/atomic_file.h"
#include "md5/md5.h"
#include "stages/compare.h"
#include "stages/decide.h"
#include "stages/failures.h"

#include <algorithm>

namespace syncline::stages {
namespace {

// Between two slices a stop request is heeded.
constexpr std::uint64_t fill_slice_bytes = 16U << 20U;

// Carries out one file's decision; `finish_copy` makes its temporary and returns the name.
template <typename FinishCopy>
struct CarryOut {
  Pass& pass;
  LoadedFile& file;
  FinishCopy finish_copy;
  Outcomes& out;

  void operator()(decision::Leave /*unused*/) {
    pass.totals.proved.add({.entries = 1, .bytes = file.task.source.identity.size});
    over();
  }

  void operator()(const decision::SetMetadata& decided) {
    FileTask& task = file.task;
    pass.totals.proved.add({.entries = 1, .bytes = task.source.identity.size});
    const auto set = [&] {
      pass.handles.get(*task.folder, Side::destination)
          ->set_metadata(task.name, task.destination->identity.id, task.source, decided.change);
    };
    if (attempt(*task.folder, task.name, set, reporter()))
      out.events.emplace_back(
          Action{.verb = Verb::set_metadata,
                 .kind = Kind::file,
                 .path = path_of(*task.folder, task.name),
                 .reason = describe(decided.change, task.source, *task.destination),
                 .bytes = 0,
                 .digest = file.digest});
    over();
  }

  void operator()(decision::Publish /*unused*/) {
    if (file.progress == Progress::equal)
      file.task.reason =
          describe(difference(file.task.source, *file.task.destination, pass.privileges),
                   file.task.source, *file.task.destination) +
          ", linked elsewhere";
    std::string temporary;
    if (attempt(
            *file.task.folder, file.task.name, [&] { temporary = finish_copy(); }, reporter()))
      out.finished.push_back({std::move(file.task), std::move(temporary), file.digest});
    else
      over();
  }

  void operator()(decision::ReadAgain /*unused*/) {
    ++file.task.attempt;
    file.task.copy_only();  // no third side to the race
    out.again.push_back(std::move(file.task));
  }

  void operator()(decision::ReadBoth /*unused*/) {
    file.task.reads = Reads::both;
    out.again.push_back(std::move(file.task));
  }

  void operator()(decision::GiveUp /*unused*/) {
    out.events.emplace_back(failure_of(path_of(*file.task.folder, file.task.name),
                                       FailureKind::changed,
                                       "changed each time it was read: not copied"));
    over();
  }

  void operator()(decision::Report /*unused*/) {
    out.events.emplace_back(std::move(file.failure));
    over();
  }

  void operator()(decision::Drop /*unused*/) { over(); }

 private:
  void over() { out.over.push_back(std::move(file.task.folder)); }

  auto reporter() {
    return [this](Failure failure) { out.events.emplace_back(std::move(failure)); };
  }
};

template <typename FinishCopy>
void carry_out(Pass& pass, LoadedFile& file, FinishCopy finish_copy, Outcomes& out) {
  std::visit(CarryOut<FinishCopy>{pass, file, std::move(finish_copy), out},
             decide(file, pass.privileges));
}

// What the new file got from its creation may be right already: on most files the owner and group
// are.
std::string complete(Pass& pass, const FileTask& task, filesystem::AtomicFile& copy) {
  copy.file().set_metadata(task.source,
                           difference(task.source, copy.file().look(), pass.privileges));
  return copy.finish();
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
      task.folder->touched = true;
      filesystem::AtomicFile copy{pass.handles.get(*task.folder, Side::destination)};
      copy.file().write(file.content, 0);
      return complete(pass, task, copy);
    };
    carry_out(pass, file, finish_copy, out);
  }
  return out;
}

Outcomes write(Pass& pass, ChunkedFile& chunked) {
  Outcomes out;
  LoadedFile& file = chunked.file;
  if (file.progress == Progress::waiting) {
    const bool compared = file.task.reads == Reads::both;
    file.progress = compared && !chunked.copy ? Progress::equal : Progress::loaded;
    attempt(
        *file.task.folder, file.task.name,
        [&] {
          file.digest = md5::of_chunks(chunked.chunks);
          if (std::holds_alternative<decision::Publish>(decide(file, pass.privileges)))
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
      pass, file, [&] { return complete(pass, file.task, *chunked.copy); }, out);
  chunked.copy.reset();
  return out;
}

}  // namespace syncline::stages
