// SPDX-License-Identifier: MIT
#include "content/write.h"

#include "content/carry_out.h"
#include "content/complete.h"
#include "content/copying.h"
#include "content/decide.h"
#include "content/expected.h"
#include "content/hash.h"
#include "content/partial.h"
#include "filesystem/atomic_file.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "replica/as_created.h"
#include "replica/touch.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace syncline::engine {
namespace {

// Between two slices a stop request is heeded.
constexpr std::uint64_t fill_slice_bytes = 16U << 20U;

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
        const auto data = (*chunked.hashed)->data_in(slice.begin, slice.end);
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

// In one go, before the first of them has its name or its temporary.
void write_down(FileGroup& group, std::vector<std::unique_ptr<IntentionGroup>>& intentions,
                const Passes& passes) {
  for (Pass* const pass : passes) intentions.push_back(std::make_unique<IntentionGroup>(*pass));
  for (const LoadedFile& file : group.files) {
    Pass& pass = pass_of(file.task);
    if (file.progress != Progress::loaded || pass.replica.intentions == nullptr) continue;
    IntentionGroup& of_pass = *intentions[passes.place_of(pass)];
    attempt(
        *file.task.folder, file.task.name,
        [&] {
          if (is_named_at_once(pass, file.task))
            of_pass.arrives(*file.task.folder, file.task.name, expected(pass, file.task));
          else
            of_pass.changes(*file.task.folder);
        },
        [](const Failure& /*failure*/) {});  // it is told of when it is written
  }
  for (const auto& of_pass : intentions) of_pass->secure();
}

}  // namespace

std::vector<Outcomes> write(const Passes& passes, FileGroup& group) {
  std::vector<Outcomes> outcomes(passes.size());
  std::vector<LastCreated> last_created(passes.size());
  outcomes.front().finished.reserve(group.files.size());
  std::vector<std::unique_ptr<IntentionGroup>> intentions;
  write_down(group, intentions, passes);
  for (LoadedFile& file : group.files) {
    Pass& pass = pass_of(file.task);
    const std::size_t place = passes.place_of(pass);
    if (pass.brakes.stopping()) file.progress = Progress::dropped;
    const auto finish_copy = [&] {
      const FileTask& task = file.task;
      touch(pass, *task.folder);
      const auto folder = pass.handles.get(*task.folder);
      if (auto unnamed = copy_without_name(pass, file, *folder, last_created[place]))
        return std::move(*unnamed);
      filesystem::AtomicFile copy{folder};
      write_content(pass, file, copy.file());
      return complete(pass, task, copy);
    };
    carry_out(pass, file, {}, std::ref(finish_copy), outcomes[place]);
  }
  return outcomes;
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
              (*chunked.hashed)->look().identity != file.task.hashed().identity ||
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
