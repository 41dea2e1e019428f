// A plan on one page: a dry run, whose steps are written down.
//
// SPDX-License-Identifier: MIT
#include "syncline/plan.h"

#include "filesystem/ancestors.h"
#include "filesystem/path_of.h"
#include "filesystem/paths.h"
#include "filesystem/system_error.h"
#include "one_pass.h"
#include "pass/told_names.h"
#include "plan/count.h"
#include "plan/plan_file.h"
#include "plan/plan_writer.h"
#include "plan/refuse.h"
#include "plan/step_numbers.h"

#include "syncline/pass_name.h"

#include <chrono>
#include <exception>
#include <set>
#include <utility>
#include <variant>

namespace syncline {

using namespace planning;

namespace {

/// Writes steps down as they are told, and hands on all that is told.
class Recording : public Observer {
 public:
  Recording(PlanWriter& writer, Observer& observer, std::stop_source& failed)
      : writer_(writer), observer_(observer), failed_(failed) {}

  void on_event(const Event& event) override {
    const auto* const action = std::get_if<Action>(&event);
    if (action != nullptr && action->verb != Verb::keep && !error_) write(*action);
    observer_.on_event(event);
  }
  void gave_up(const Summary& so_far) override { observer_.gave_up(so_far); }

  [[nodiscard]] const PlanTotals& totals() const { return totals_; }
  /// Why not all could be written.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void write(const Action& action) {
    try {
      PlanStep step{.number = 0, .action = action, .in = {}, .from = {}};
      Preconditions& given = step.action.given;
      step.in = maker_of(given.folder);
      if (!action.moved_from.empty()) step.from = maker_of(given.from_folder);
      leave_out_moved_ctimes(given);
      writer_.add(step);
      if (given.makes) note_made(*given.makes, step.number);
      count(totals_, action);
    } catch (...) {
      error_ = std::current_exception();
      failed_.request_stop();
    }
  }

  // Which step makes `folder`; none: it is there.
  [[nodiscard]] std::optional<std::uint64_t> maker_of(const FileId& folder) const {
    if (folder == FileId{}) return root_step_ > 0 ? std::optional{root_step_} : std::nullopt;
    if (folder.inode < first_made) return std::nullopt;
    return made_.of(folder.inode - first_made);
  }

  void note_made(const FileId& folder, std::uint64_t number) {
    if (folder == FileId{})
      root_step_ = number;
    else
      made_.note(folder.inode - first_made, number);
  }

  // What changes places with something is met again where it is then.
  void leave_out_moved_ctimes(Preconditions& given) {
    if (given.destination && exchanged_.contains(given.destination->id))
      given.destination->ctime.reset();
    if (given.exchanged) exchanged_.insert(given.exchanged->id);
  }

  static constexpr std::uint64_t first_made = engine::ToldNames::first_made;

  PlanWriter& writer_;
  Observer& observer_;
  std::stop_source& failed_;
  StepNumbers made_;  ///< by how many were made before
  std::uint64_t root_step_ = 0;
  std::set<FileId> exchanged_;  ///< so far
  PlanTotals totals_;
  std::exception_ptr error_;
};

// A plan is no part of what it is about.
void refuse_in_root(const std::string& path, const PlanFile& file, const OpenRoots& roots) {
  const auto refuse_in = [&](const filesystem::Directory& root, const std::string& root_path) {
    if (filesystem::lies_within(file.folder(), root))
      refuse({.code = RefusalCode::plan_in_root, .path = path, .other = root_path});
  };
  refuse_in(roots.source, roots.pair.source);
  if (roots.destination) refuse_in(*roots.destination, roots.pair.destination);
}

// A plan may be applied from elsewhere.
std::string absolute(const std::string& path) {
  if (path.empty() || path.starts_with('/')) return path;
  const auto here = filesystem::Directory::open_root_to_enter(".");
  return filesystem::join_path(filesystem::path_of(here.descriptor()), path);
}

PlanHeader header_of(const PlanOptions& asked, const PassBegun& begun) {
  const OpenRoots& roots = begun.roots;
  PlanHeader header{.version = version(),
                    .pass = pass_name(*asked.pass.began),
                    .source = {.path = roots.pair.source,
                               .id = roots.source.look().identity.id,
                               .lasting = roots.pair.source_root,
                               .volume = roots.pair.source_volume},
                    .destination = {.path = roots.pair.destination,
                                    .id = {},
                                    .lasting = roots.pair.destination_root,
                                    .volume = {}},
                    .index = begun.index_path,
                    .has_usual_index = std::holds_alternative<index_place::Usual>(asked.pass.index),
                    .last_pass = begun.last_pass,
                    .was_read = asked.read,
                    .is_cut = false,
                    .options = asked.pass,
                    .listed = {}};
  if (roots.destination) header.destination.id = roots.destination->look().identity.id;
  if (asked.pass.listed) header.listed = asked.pass.listed->size();
  if (header.options.undo) header.options.undo->folder = absolute(header.options.undo->folder);
  return header;
}

PlanTotals totals_of(const Summary& summary, PlanTotals totals) {
  totals.source = summary.source;
  totals.destination = summary.destination;
  totals.moved = summary.moved;
  totals.moved_folders = summary.moved_folders;
  totals.failures = summary.failures + summary.source_moved + summary.suspect;
  if (summary.deletions_held) totals.held = summary.deletions_held->code;
  return totals;
}

PlanOptions in_effect(const PlanOptions& asked) {
  PlanOptions options = asked;
  options.pass.dry_run = true;
  options.pass.read_to_decide = asked.read;
  options.pass.tell_unread = !asked.read;
  if (!options.pass.began) options.pass.began = std::chrono::system_clock::now();
  return options;
}

}  // namespace

Summary plan(const PlanOptions& asked, Observer& observer, std::stop_token stop,
             ProgressProbe* progress) {
  const PlanOptions options = in_effect(asked);
  std::optional<PlanFile> file;
  if (!options.file.empty()) file.emplace(options.file);
  PlanWriter writer{file ? &*file : nullptr, options.lines};
  std::stop_source failed;
  const std::stop_callback on_stop{std::move(stop), [&] { failed.request_stop(); }};
  try {
    Recording recording{writer, observer, failed};
    Summary summary = one_pass(options.pass, recording, failed.get_token(), progress,
                               {.began = [&](const PassBegun& begun) {
                                 if (file) refuse_in_root(options.file, *file, begun.roots);
                                 writer.begin(header_of(options, begun));
                               }});
    recording.rethrow();
    if (!summary.stopped && !summary.given_up) writer.end(totals_of(summary, recording.totals()));
    return summary;
  } catch (const filesystem::SystemError& error) {
    refuse_as_unusable(options.file, error);
  }
}

}  // namespace syncline
