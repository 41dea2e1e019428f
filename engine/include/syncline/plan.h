// plan(): what a pass would do, decided and written down, so that it can be read, cut and signed
// off before it is done.
//
// A plan is a file of JSON lines, described in syncline-plan(1). It says what each step was decided
// upon, so that whoever does it later can tell whether that still holds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/held_deletions.h"
#include "syncline/mirror.h"
#include "syncline/options.h"
#include "syncline/tally.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace syncline {

struct PlanOptions {
  /// Of the pass that is planned. `dry_run`, `read_to_decide` and `tell_unread` count for nothing:
  /// what follows says it.
  Options pass;
  /// Read what a pass would read to decide; the index remembers what was proved. False: what is
  /// not decided is a step of Verb::check, which a plan calls "prove".
  bool read = true;
  /// Where the plan is written: made with mode 0600, whole or not at all, compressed (zstd) if the
  /// name ends in ".zst". Takes the place of a plan that is there, and of nothing else. Empty: it
  /// is written to `lines` alone.
  std::string file;
  /// Gets each line, without its line feed; valid for the call. By one thread at a time. It may
  /// throw, which ends the pass, and is thrown on. Empty: nobody wants them.
  std::function<void(std::string_view line)> lines;
};

/// Changes nothing in either root. `observer` gets the events of the dry run. Where it ends early
/// (Summary::stopped, Summary::given_up), no file is left. Throws Unusable, as mirror() does, and
/// where the plan cannot be written. Thread-safe.
Summary plan(const PlanOptions& options, Observer& observer, std::stop_token stop,
             ProgressProbe* progress = nullptr);

/// A root as the plan met it.
struct PlannedRoot {
  std::string path;     ///< canonical
  FileId id;            ///< both 0: it is not there, and the first step makes it
  std::string lasting;  ///< what it is known by after the machine was started anew; for programs
                        ///< opaque; empty where it is not there
  std::string volume;   ///< of the source, where that tells more; else empty

  friend bool operator==(const PlannedRoot&, const PlannedRoot&) = default;
};

struct PlanHeader {
  std::string version;  ///< of the program that made it
  std::string pass;     ///< pass_name() of the pass that planned
  PlannedRoot source;
  PlannedRoot destination;
  std::string index;             ///< its path; empty: none was used
  bool has_usual_index = false;  ///< one has the usual place, or will have
  std::string last_pass;  ///< the name of the last pass that it remembers; empty: it knows none
  bool was_read = true;   ///< PlanOptions::read
  bool is_cut = false;    ///< steps were left out (cut_plan())
  /// Those that change what is done; all others are as in a default-constructed one.
  Options options;
  std::optional<std::uint64_t> listed;  ///< how many paths Options::listed had
};

/// One step. What it has to meet is in Action::given, where folders that an earlier step makes have
/// no id.
struct PlanStep {
  std::uint64_t number = 0;  ///< from 1 on
  /// Without the facts of its reason. Verb::check: its content is to be compared, and copied if
  /// that differs.
  Action action;
  std::optional<std::uint64_t> in;    ///< the step that makes the folder it is in
  std::optional<std::uint64_t> from;  ///< likewise of what it is moved from
};

/// What it comes to, as Summary has it. Of a plan that was cut `source`, `destination`, `failures`
/// and `held` are what they were before.
struct PlanTotals {
  Tally source;
  Tally destination;
  Tally created;
  Tally updated;
  Tally moved;
  std::uint64_t moved_folders = 0;
  std::uint64_t metadata_set = 0;
  Tally removed;
  std::uint64_t cleaned = 0;
  Tally to_prove;              ///< the steps of Verb::check
  std::uint64_t failures = 0;  ///< entries that a pass could not have mirrored, of all kinds
  /// What the guard says to the deletions; none: they are allowed.
  std::optional<HeldCode> held;
};

/// Reads a plan, with memory for a line at a time. For one thread at a time.
class PlanReader {
 public:
  /// Opens the plan, and makes sure that it is all there and as it was written. Throws Unusable
  /// with Status::files_unusable: it is no plan, cut short, altered, of another schema, or others
  /// could have written it.
  explicit PlanReader(const std::string& path);
  ~PlanReader();

  [[nodiscard]] const PlanHeader& header() const;
  [[nodiscard]] const PlanTotals& totals() const;
  [[nodiscard]] std::uint64_t steps() const;  ///< how many there are
  [[nodiscard]] const std::string& path() const;
  /// The SHA-256 that it ends with, in hexadecimal digits.
  [[nodiscard]] const std::string& seal() const;

  /// The next step; none: that was all. Throws Unusable as above, also at the end, if the file was
  /// changed since it was opened.
  std::optional<PlanStep> next();
  /// Passes the next step over.
  void skip();
  /// From the first step on once more.
  void rewind();

 private:
  class Reading;
  std::unique_ptr<Reading> reading_;
};

/// Which steps of a plan stay.
struct PlanCut {
  /// Patterns as FilterRule::pattern has them, on the path that a step is told by; one that matches
  /// a folder stands for all in it. Steps that match none of `only` are left out, unless that is
  /// empty, and those that match one of `without`.
  std::vector<std::string> only;
  std::vector<std::string> without;
};

/// Writes what stays of the plan `from` to `to`, as PlanOptions::file. The steps that make the
/// folders of those that stay do, too; a folder is removed only with all that was to be removed in
/// it. Returns how many steps stay. Throws Unusable. Thread-safe.
std::uint64_t cut_plan(const std::string& from, const std::string& to, const PlanCut& cut);

}  // namespace syncline
