// SPDX-License-Identifier: MIT
#include "tell/report.h"

#include "filesystem/ancestors.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "kept/journal.h"
#include "model/reading.h"
#include "replica/backup.h"

#include "syncline/pass_name.h"

#include <string>
#include <utility>

namespace syncline {
namespace {

using engine::Pass;

ReadReasons reasons_to_read(const engine::Books& books) {
  using engine::Standing;
  const auto of = [&](Standing standing) {
    return books.files.at(static_cast<std::size_t>(standing)).value();
  };
  return {.unknown = of(Standing::unknown),
          .source_moved = of(Standing::source_moved),
          .destination_moved = of(Standing::destination_moved),
          .both_moved = of(Standing::both_moved),
          .unsure = of(Standing::source_unsure) + of(Standing::destination_unsure) +
                    of(Standing::both_unsure) + of(Standing::rotten),
          .asked = of(Standing::asked)};
}

// An ordinary chmod -R, a restored backup or a new hard link moves ctime and costs a reading, which
// is worth a word when it happens to most files.
void tell_of_ctime_storm(const Pass& pass, engine::Recorder& recorder) {
  constexpr std::uint64_t worth_a_word = 100;
  const engine::Books& books = pass.books;
  std::uint64_t files = 0;
  for (const engine::SharedTally& tally : books.files) files += tally.entries;
  const std::uint64_t moved = books.ctime_moved;
  if (moved < worth_a_word || 2 * moved < files) return;
  const bool is_told_before = !reads_contents(pass.terms.options);
  recorder.record(
      Notice{.path = {},
             .code = is_told_before ? NoticeCode::would_read_for_ctime : NoticeCode::read_for_ctime,
             .numbers = {moved, files}});
}

void tell_of_weak_stamps(const Pass& pass, engine::Recorder& recorder) {
  if (pass.source_file_systems.has_weak())
    recorder.record(Notice{.path = {}, .code = NoticeCode::weak_source});
  if (pass.replica.file_systems.has_weak())
    recorder.record(Notice{.path = {}, .code = NoticeCode::weak_destination});
}

// The quarantine of passes is no news.
bool has_foreign_reserved(const filesystem::Directory& destination) {
  const auto found = destination.look(filesystem::reserved_name);
  if (!found || found->kind != Kind::folder) return found.has_value();
  try {
    return !kept::Journal::is_in(destination.open_folder(filesystem::reserved_name));
  } catch (const filesystem::SystemError&) {
    return true;
  }
}

}  // namespace

void tell_of_reserved_name(const OpenRoots& roots, engine::Recorder& recorder) {
  const char* const name = filesystem::reserved_name;
  const bool is_there = roots.destination && has_foreign_reserved(*roots.destination);
  if (!roots.source.look(name) && !is_there) return;
  recorder.record(Notice{.path = name, .code = NoticeCode::reserved_name});
}

void tell_of_index(const OpenIndex& opened, const OpenRoots& roots, engine::Recorder& recorder) {
  for (const Notice& notice : opened.notices) recorder.record(notice);
  if (filesystem::lies_within(opened.folder, roots.source))
    recorder.record(Notice{.path = {}, .code = NoticeCode::index_in_source, .name = opened.path});
}

void tell_of_backups(const engine::Backups& backups, engine::Recorder& recorder) {
  for (const auto& [path, now] : backups.moved_aside())
    recorder.record(Notice{.path = path, .code = NoticeCode::backup_renamed, .name = now});
  for (const auto& [path, why] : backups.still_armed())
    recorder.record(Notice{.path = path, .code = NoticeCode::backup_armed, .cause = why});
}

void tell_of_stamps(const Pass& pass, engine::Recorder& recorder) {
  tell_of_weak_stamps(pass, recorder);
  tell_of_ctime_storm(pass, recorder);
}

Summary summarize(const Pass& pass, const engine::Recorder& recorder,
                  const DeletionVerdict& deletions) {
  using engine::Standing;
  Summary summary = recorder.summary();
  const engine::Books& books = pass.books;
  summary.name = pass_name(*pass.terms.options.began);
  summary.roots = pass.terms.roots;
  summary.roots.met = makes_known(pass, deletions) || have_met(pass);
  summary.dry_run = pass.terms.options.dry_run;
  summary.given_up = pass.brakes.why_abandoned();
  summary.stopped = pass.brakes.stopping() && !summary.given_up;
  summary.source = pass.census.source.value();
  summary.destination = pass.census.destination.value();
  for (std::size_t i = 0; i < kinds; ++i) summary.source_kinds.at(i) = books.source_kinds.at(i);
  summary.moved = books.moved_files.value();
  summary.moved_folders = books.moved_folders;
  summary.proved = books.proved.value();
  summary.standing = books.files.at(static_cast<std::size_t>(Standing::proved)).value();
  summary.unproven = books.files.at(static_cast<std::size_t>(Standing::accepted)).value() +
                     books.files.at(static_cast<std::size_t>(Standing::same_size)).value();
  summary.to_compare = books.to_compare.value();
  summary.again = books.again.value();
  summary.read_because = reasons_to_read(books);
  summary.ctime_moved = books.ctime_moved;
  summary.silent = books.silent;
  summary.doubtful = books.doubtful;
  summary.repaired = books.repaired;
  summary.unkept = pass.books.unkept.all();
  summary.strict = pass.terms.options.strict;
  summary.bytes_read = books.bytes_read;
  summary.bytes_written = books.bytes_written;
  summary.bytes_hashed = books.bytes_hashed;
  summary.left_alone = books.left_alone.value();
  summary.deletions_wanted = pass.census.extraneous.value() + pass.census.gone.value();
  summary.deletions_held = deletions.held;
  summary.deletions_held_by_guard = deletions.held && deletions.held->by_guard();
  if (summary.standing.entries > 0)
    summary.oldest_proof =
        std::chrono::system_clock::time_point{std::chrono::seconds{books.oldest_proof_s.load()}};
  return summary;
}

}  // namespace syncline
