// The command line split into options, values and positions, nothing interpreted yet.
//
// CLI11 does the splitting and nothing more. Its conversions stay unused: they would read a path
// such as "[a,b]" as a list, and take the next word as the value of "--log-file=".
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/refusal.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace syncline::cli {

class CommandLine {
 public:
  CommandLine(int argc, const char* const* argv);

  /// All names, dashes included, of the options that are members of this class.
  [[nodiscard]] std::set<std::string> names() const;

  /// The option of that name ("--threads"), if there is one.
  [[nodiscard]] const CLI::Option* find(const std::string& name) const;

  /// What each option that was given is called in messages.
  [[nodiscard]] std::set<std::string> given() const;

  /// At most five: one more than any form takes.
  [[nodiscard]] std::vector<std::string> positions() const;

  /// The first of them, unless "--" comes before it.
  [[nodiscard]] std::optional<std::string> first_word() const;

  /// Words that look like options and are none.
  [[nodiscard]] std::vector<std::string> strangers() const;

  /// Every option each time that it was given, in that order, with its value; flags have none.
  struct Given {
    const CLI::Option* option;
    std::string value;
  };
  [[nodiscard]] std::vector<Given> in_order() const;

  /// The long options, such as "--delete", that are ours or mean something here.
  [[nodiscard]] std::vector<std::string> long_names() const;

  /// A word that became the value of the option before it, which may not be what it was typed for.
  struct Taken {
    std::string by;    ///< as it was typed: "--exclude", "-f"
    std::string noun;  ///< what it counts as: "pattern"
    std::string value;
  };
  [[nodiscard]] const std::vector<Taken>& taken() const { return taken_; }

  /// Throws what rsync's flag that is given and refused is refused with.
  void refuse_rsync_flags() const;
  /// Whether that flag of rsync's is given, which is the case anyway as a rule.
  [[nodiscard]] bool is_said_outright(const std::string& flag) const;

 private:
  CommandLine(int argc, const char* const* argv, bool is_plan);
  static bool is_plan(int argc, const char* const* argv);
  void refuse_misused_equals(const std::vector<std::string>& words) const;
  void sort_out(const std::vector<std::string>& words);
  void refuse_single_dash(const std::string& word) const;
  void refuse_digit(const std::string& word) const;
  [[nodiscard]] bool is_understood(const std::string& letters) const;
  [[nodiscard]] bool changes_nothing(const std::string& letters) const;
  CLI::Option* flag(const char* names);
  CLI::Option* value(const char* names, const char* noun = "value");
  void add_rsync_flags();

  /// A flag of rsync's that is accepted only to be refused with a reason.
  struct Refused {
    const CLI::Option* option;
    std::string_view reason;
  };
  /// Its value comes behind '=' or not at all; without it, it has one that is empty.
  CLI::Option* flag_or_value(const char* name);

  std::unique_ptr<CLI::App> app_;
  const bool is_plan_;           ///< "plan" comes first: there -o is not rsync's
  std::size_t own_options_ = 0;  ///< members come first, then what the constructor adds
  std::vector<CLI::Option*> positions_;
  std::vector<Refused> refused_;
  std::vector<const CLI::Option*> implied_;  ///< flags of rsync's that are the case anyway
  std::vector<Taken> taken_;
  bool starts_with_word_ = false;  ///< a position comes before "--"
  std::vector<const CLI::Option*> may_have_value_;

 public:
  const CLI::Option& short_help = *flag("-h");
  const CLI::Option& help = *flag("--help");
  const CLI::Option& version = *flag("-V,--version");
  const CLI::Option& config = *value("--config", "file");
  const CLI::Option& dry_run = *flag("-n,--dry-run");
  const CLI::Option& verbose = *flag("-v,--verbose");
  const CLI::Option& quiet = *flag("-q,--quiet");
  const CLI::Option& no_flush = *flag("--no-flush");
  const CLI::Option& delete_all =
      *flag("--delete,--del,--delete-during,--delete-delay,--delete-after");
  const CLI::Option& no_delete = *flag("--no-delete");
  const CLI::Option& delete_before = *flag("--delete-before");
  const CLI::Option& ignore_errors = *flag("--ignore-errors");
  const CLI::Option& one_file_system = *flag("-x,--one-file-system");
  const CLI::Option& exclude = *value("--exclude", "pattern");
  const CLI::Option& include = *value("--include", "pattern");
  const CLI::Option& exclude_from = *value("--exclude-from", "file");
  const CLI::Option& include_from = *value("--include-from", "file");
  const CLI::Option& filter = *value("-f,--filter", "rule");
  const CLI::Option& delete_excluded = *flag("--delete-excluded");
  const CLI::Option& files_from = *value("--files-from", "file");
  const CLI::Option& from0 = *flag("-0,--from0");
  const CLI::Option& recursive = *flag("-r,--recursive");
  const CLI::Option& max_size = *value("--max-size", "size");
  const CLI::Option& min_size = *value("--min-size", "size");
  const CLI::Option& min_age = *value("--min-age", "age");
  const CLI::Option& update = *flag("-u,--update");
  const CLI::Option& existing = *flag("--existing,--ignore-non-existing");
  const CLI::Option& ignore_existing = *flag("--ignore-existing");
  const CLI::Option& no_owner = *flag("--no-owner,--no-o");
  const CLI::Option& no_group = *flag("--no-group,--no-g");
  const CLI::Option& no_perms = *flag("--no-perms,--no-p");
  const CLI::Option& executability = *flag("-E,--executability");
  const CLI::Option& no_times = *flag("--no-times,--no-t");
  const CLI::Option& omit_dir_times = *flag("-O,--omit-dir-times");
  const CLI::Option& omit_link_times = *flag("-J,--omit-link-times");
  const CLI::Option& chown = *value("--chown", "owner");
  const CLI::Option& chmod = *value("--chmod", "change of modes");
  const CLI::Option& size_only = *flag("--size-only");
  const CLI::Option& modify_window = *value("-@,--modify-window", "time");
  const CLI::Option& backup = *flag("-b,--backup");
  const CLI::Option& backup_dir = *value("--backup-dir", "folder");
  const CLI::Option& suffix = *value("--suffix", "suffix");
  const CLI::Option& undo = *flag_or_value("--undo");
  const CLI::Option& no_undo = *flag("--no-undo");
  const CLI::Option& undo_passes = *value("--undo-passes", "number");
  const CLI::Option& undo_size = *value("--undo-size", "size");
  const CLI::Option& undo_dir = *value("--undo-dir", "folder");
  const CLI::Option& to = *value("--to", "moment");
  const CLI::Option& list = *flag_or_value("--list");
  const CLI::Option& only = *value("--only", "path");
  const CLI::Option& output = *value(is_plan_ ? "-o,--output" : "--output", "file");
  const CLI::Option& all_or_nothing = *flag("--all-or-nothing");
  const CLI::Option& no_read = *flag("--no-read");
  const CLI::Option& show = *value("--show", "file");
  const CLI::Option& without = *value("--without", "pattern");
  const CLI::Option& into = *value("--into", "folder");
  const CLI::Option& release = *flag("--release");
  const CLI::Option& bwlimit = *value("--bwlimit", "rate");
  const CLI::Option& stop_after = *value("--stop-after,--time-limit", "time");
  const CLI::Option& stop_at = *value("--stop-at", "moment");
  const CLI::Option& max_delete = *value("--max-delete", "limit");
  const CLI::Option& threads = *value("--threads", "number");
  const CLI::Option& io_threads = *value("--io-threads", "number");
  const CLI::Option& digest_backend = *value("--digest-backend");
  const CLI::Option& index = *value("--index", "file");
  const CLI::Option& no_index = *flag("--no-index");
  const CLI::Option& rehash = *flag("--rehash");
  const CLI::Option& adopt = *flag("--adopt");
  const CLI::Option& trust_mtime = *flag("--trust-mtime");
  const CLI::Option& keep_doubtful = *flag("--keep-doubtful");
  const CLI::Option& restore = *flag("--restore");
  const CLI::Option& verify = *flag("--verify");
  const CLI::Option& reflink = *value("--reflink");
  const CLI::Option& in_place = *flag("--inplace");
  const CLI::Option& partial = *flag_or_value("--partial");
  const CLI::Option& no_partial = *flag("--no-partial");
  const CLI::Option& order = *value("--order", "order");
  const CLI::Option& strict = *flag("--strict");
  const CLI::Option& wait = *flag("--wait");
  const CLI::Option& exit_code = *flag("--exit-code");
  const CLI::Option& itemize = *flag("-i,--itemize-changes");
  const CLI::Option& out_format = *value("--out-format", "format");
  const CLI::Option& stats = *flag("--stats");
  const CLI::Option& info = *value("--info");
  const CLI::Option& max_alloc = *value("--max-alloc");
  const CLI::Option& json = *flag("--json");
  const CLI::Option& why = *value("--why", "path");
  const CLI::Option& progress = *flag_or_value("--progress");
  const CLI::Option& partial_progress = *flag("-P");
  const CLI::Option& no_progress = *flag("--no-progress");
  const CLI::Option& log_file = *value("--log-file", "file");
  const CLI::Option& log_detail = *value("--log-detail");
  const CLI::Option& interval = *value("--interval", "time");
};

}  // namespace syncline::cli
