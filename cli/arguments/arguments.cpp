// What the words of the command line mean together, and every sentence about what is wrong with
// them.
//
// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"

#include "arguments/command_line.h"
#include "arguments/habits.h"
#include "arguments/help.h"
#include "arguments/mode_changes.h"
#include "arguments/nearest.h"
#include "arguments/option_values.h"
#include "arguments/owners.h"
#include "arguments/selection.h"
#include "arguments/settings.h"
#include "arguments/values.h"
#include "text/escape.h"

#include "syncline/mirror.h"

#include <sys/stat.h>

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace syncline::cli {
namespace {

constexpr std::string_view both_forms =
    "expected 'SRC DST' (once) or 'LOG SRC DST INTERVAL' (a loop)";

std::string non_empty(const std::string& text) {
  if (text.empty())
    throw std::invalid_argument("is empty: perhaps a variable of the shell that is not set");
  return text;
}

DeletionPolicy deletions(const CommandLine& line) {
  const auto limit = value_of(line.max_delete, parse_deletion_limit);
  if (given(line.no_delete)) {
    if (given(line.delete_all)) refuse("--no-delete contradicts --delete");
    if (limit) refuse("--no-delete contradicts --max-delete");
    if (given(line.delete_before)) refuse("--no-delete contradicts --delete-before");
    if (given(*line.find("--force")))
      refuse("--no-delete contradicts --force: a folder that gives way is deleted");
    return deletion::None{};
  }
  // rsync wants --delete beside --max-delete, so both together mean the limit.
  if (limit) return *limit;
  if (given(line.delete_all)) return deletion::Unlimited{};
  return deletion::Guarded{};
}

IndexPlace index_place_of(const CommandLine& line) {
  const auto file = value_of(line.index, non_empty);
  if (file && given(line.no_index)) refuse("--no-index contradicts --index");
  if (file) return index_place::File{*file};
  if (given(line.no_index)) return index_place::None{};
  return index_place::Usual{};
}

// Nothing else runs yet that could make a file meanwhile.
std::uint32_t umask_of_process() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

KeptMetadata kept_metadata(const CommandLine& line) {
  KeptMetadata kept;
  kept.owner = !given(line.no_owner);
  kept.group = !given(line.no_group);
  kept.mode = !given(line.no_perms);
  kept.executability = given(line.executability);
  kept.times = !given(line.no_times);
  kept.folder_times = !given(line.omit_dir_times);
  kept.link_times = !given(line.omit_link_times);
  const Owners owners = value_of(line.chown, parse_owners).value_or(Owners{});
  if (owners.user && !kept.owner) refuse("--chown contradicts --no-owner");
  if (owners.group && !kept.group) refuse("--chown contradicts --no-group");
  kept.owner_instead = owners.user;
  kept.group_instead = owners.group;
  for (const std::string& text : line.chmod.results()) {
    const auto changes = parsed("--chmod", text, [](const std::string& modes) {
      return parse_mode_changes(modes, umask_of_process());
    });
    kept.mode_changes.insert(kept.mode_changes.end(), changes.begin(), changes.end());
  }
  kept.mtime_window_s = value_of(line.modify_window, parse_window).value_or(std::nullopt);
  return kept;
}

std::string backup_suffix(const std::string& text) {
  if (text.find('/') != std::string::npos) throw std::invalid_argument("must have no slash");
  return text;
}

std::optional<Backup> backup_of(const CommandLine& line) {
  const auto folder = value_of(line.backup_dir, non_empty);
  const auto suffix = value_of(line.suffix, backup_suffix);
  if (!given(line.backup) && !folder) return std::nullopt;
  if (!folder && suffix && suffix->empty())
    refuse("--suffix is empty: backups beside their originals need another name");
  return Backup{.folder = folder.value_or(""), .suffix = suffix.value_or(folder ? "" : "~")};
}

std::optional<std::chrono::system_clock::time_point> stop_moment(const CommandLine& line) {
  const auto now = std::chrono::system_clock::now();
  const auto after = value_of(line.stop_after, parse_minutes);
  const auto at =
      value_of(line.stop_at, [&](const std::string& text) { return parse_moment(text, now); });
  if (after && at) refuse("--stop-after contradicts --stop-at");
  if (after) return now + std::chrono::duration_cast<std::chrono::system_clock::duration>(*after);
  return at;
}

/// What all --info say together, the last word on each thing being the one that counts.
InfoWords info_words(const CommandLine& line) {
  InfoWords words;
  for (const std::string& text : line.info.results())
    parsed("--info", text, [&](const std::string& list) {
      add_info(list, words);
      return true;
    });
  return words;
}

/// -i is a format of its own, and one that is given says where it stands.
std::optional<OutFormat> out_format(const CommandLine& line, const InfoWords& info) {
  const auto parse = [](const std::string& text) { return OutFormat(text); };
  if (auto format = value_of(line.out_format, parse)) return format;
  if (given(line.itemize)) return OutFormat("%i %n%L");
  if (info.names && !given(line.verbose)) return OutFormat("%n%L");
  return std::nullopt;
}

/// How many times numbers are asked to be for people: once by thousands, twice by 1024.
unsigned human_readable(const CommandLine& line) {
  return static_cast<unsigned>(line.short_help.count() + line.find("--human-readable")->count());
}

LogDetail parse_log_detail(const std::string& text) {
  if (text == "all") return LogDetail::all;
  if (text == "folder") return LogDetail::folder;
  if (text == "summary") return LogDetail::summary;
  throw std::invalid_argument(
      fmt::format("must be all, folder or summary, not '{}'", escape(text)));
}

ProgressMode progress_asked_for(const CommandLine& line, const InfoWords& info) {
  if (given(line.no_progress)) {
    if (given(line.progress)) refuse("--no-progress contradicts --progress");
    if (given(line.partial_progress)) refuse("--no-progress contradicts -P");
    return ProgressMode::none;
  }
  if (!given(line.progress)) {
    if (given(line.partial_progress) || info.progress == true) return ProgressMode::live;
    return info.progress ? ProgressMode::none : ProgressMode::automatic;
  }
  if (line.progress.count() > 1) refuse("--progress is given twice");
  const std::string& how = line.progress.results().front();
  if (how == "plain") return ProgressMode::lines;
  if (how != "true")
    refuse(fmt::format("--progress takes no value but 'plain', not '{}'", escape(how)));
  return ProgressMode::live;
}

ProgressMode progress_mode(const CommandLine& line, const InfoWords& info) {
  const ProgressMode mode = progress_asked_for(line, info);
  return given(line.quiet) ? ProgressMode::none : mode;
}

/// From which size on. A flag that is given without a value has the value "true".
std::optional<std::uint64_t> partial_size(const CommandLine& line) {
  constexpr std::uint64_t usual = std::uint64_t{64} << 20U;
  if (given(line.no_partial)) {
    if (given(line.partial)) refuse("--no-partial contradicts --partial");
    if (given(line.partial_progress)) refuse("--no-partial contradicts -P");
    return std::nullopt;
  }
  return value_of(line.partial,
                  [](const std::string& text) { return text == "true" ? usual : parse_size(text); })
      .value_or(usual);
}

/// Relative to the roots, also where it was typed with one of them before it.
std::string within_roots(std::string path, const Options& options) {
  for (std::string root : {options.source, options.destination}) {
    while (root.size() > 1 && root.ends_with('/')) root.pop_back();
    if (path == root) return ".";
    if (path.starts_with(root + '/')) return path.substr(root.size() + 1);
  }
  if (path.starts_with('/'))
    refuse(fmt::format("--why: '{}' lies in neither SRC nor DST", escape(path)));
  return path;
}

/// Standard output is for programs then.
void refuse_beside_json(const CommandLine& line) {
  for (const CLI::Option* const option :
       {&line.itemize, &line.out_format, &line.stats, &line.why, &line.quiet})
    if (given(*option)) refuse("--json contradicts " + option->get_name());
}

/// What two options together cannot mean.
void refuse_contradictions(const CommandLine& line, bool is_loop) {
  if (given(line.rehash) && given(line.adopt)) refuse("--rehash contradicts --adopt");
  if (given(line.rehash) && given(line.trust_mtime)) refuse("--rehash contradicts --trust-mtime");
  if (given(line.rehash) && given(line.size_only)) refuse("--rehash contradicts --size-only");
  if (line.one_file_system.count() > 1)
    refuse("-x given twice, which leaves mount points out: leave them out by --exclude");
  if (given(line.in_place) && given(line.reflink)) refuse("--inplace contradicts --reflink");
  if (given(line.verify) && given(line.no_flush))
    refuse("--verify contradicts --no-flush: what is not on the disk cannot be read back");
  if (given(line.json)) refuse_beside_json(line);
  if (given(line.why) && is_loop) refuse("--why is for once, not for a loop");
  if (given(line.exit_code) && is_loop) refuse("--exit-code is for once, not for a loop");
  if (given(line.exit_code) && given(line.why))
    refuse("--exit-code contradicts --why, which tells of one entry and ends with 0");
  if (!given(line.restore)) return;
  if (is_loop) refuse("--restore is for once, not for a loop");
  if (given(line.delete_all) || given(line.max_delete) || given(line.delete_before))
    refuse("--restore deletes nothing: it contradicts --delete and its kin");
  if (given(line.backup) || given(line.backup_dir))
    refuse("--restore deletes nothing: it contradicts --backup");
  if (given(line.index)) refuse("--restore uses no index: it contradicts --index");
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// "60sec", "1h30", "5 m", "-5": typed as a time, whether or not it is one.
bool is_like_time(const std::string& word) {
  const std::size_t digit = word.starts_with('-') ? 1 : 0;
  const bool has_digit = digit < word.size() && word[digit] >= '0' && word[digit] <= '9';
  return has_digit && word.find_first_of("/-_", digit) == std::string::npos && !exists(word);
}

/// What a shell makes of SRC/*: several entries, and then DST.
bool are_several_sources(const std::vector<std::string>& words) {
  if (!std::all_of(words.begin(), words.end() - 1, exists)) return false;
  // A loop whose LOG is there already, and whose INTERVAL is missing or none.
  const bool has_interval = words.size() == 4 && is_folder(words[2]) && !exists(words[3]);
  const bool is_loop = !is_folder(words[0]) && is_folder(words[1]);
  return !is_loop || (words.size() != 3 && !has_interval);
}

/// An option that took the very path which is missing now; "4" for --threads is none.
std::string swallowed(const CommandLine& line) {
  const CommandLine::Taken* likely = nullptr;
  for (const CommandLine::Taken& taken : line.taken())
    if (exists(taken.value) || (likely == nullptr && !is_number(taken.value))) likely = &taken;
  if (likely == nullptr) return {};
  return fmt::format("{} took '{}' as its {}", likely->by, escape(likely->value), likely->noun);
}

/// Sentences about words that make none of the forms. The most likely mistake goes first.
std::string why_no_form(const CommandLine& line, const std::vector<std::string>& words) {
  constexpr std::string_view several =
      "several sources are not taken (was that a pattern of the shell?): mirror the folder that "
      "they are in, with --include and --exclude for what shall take part";
  if (words.size() <= 2) {
    if (!words.empty() && !exists(words[0])) {
      if (const auto advice = advice_on_verb(words[0]); !advice.empty())
        return fmt::format("'{}' is taken for SRC, which it is not: {}", escape(words[0]), advice);
    }
    const std::string why = swallowed(line);
    return (words.empty() ? "no paths are given: " : "one argument is too few: ") +
           (why.empty() ? std::string(both_forms) : fmt::format("{}; {}", why, both_forms));
  }
  if (!exists(words[0])) {
    if (const auto advice = advice_on_verb(words[0]); !advice.empty())
      return fmt::format("'{}' is one argument too many: {}", escape(words[0]), advice);
  }
  if (words.size() == 3 && !exists(words[2])) {
    if (const auto advice = advice_on_verb(words[2]); !advice.empty())
      return fmt::format("'{}' is one argument too many: {}", escape(words[2]), advice);
  }
  if (words.size() == 5)
    return are_several_sources(words)
               ? std::string(several)
               : fmt::format("'{}' is one argument too many: {}", escape(words.back()), both_forms);
  const auto time = std::ranges::find_if(words, is_time);
  if (words.size() == 3) {
    const std::string why = swallowed(line);
    if (!why.empty())
      return fmt::format("three arguments fit neither form: {}; {}", why, both_forms);
    if (time != words.end() && !exists(*time))
      return fmt::format(
          "three arguments fit neither form: for a loop say --interval={} SRC DST, or put a LOG in "
          "front: LOG SRC DST INTERVAL",
          escape(*time));
    if (is_like_time(words.back())) parsed("INTERVAL", words.back(), parse_interval);
    if (are_several_sources(words)) return std::string(several);
    return fmt::format(
        "three arguments fit neither form: {}; either INTERVAL is missing, or a path is one too "
        "many",
        both_forms);
  }
  if (time != words.end() && !exists(*time))
    return fmt::format("INTERVAL comes last: LOG SRC DST INTERVAL, but '{}' was there",
                       escape(words.back()));
  if (are_several_sources(words)) return std::string(several);
  return {};
}

void refuse_strangers(const CommandLine& line, const std::vector<std::string>& words) {
  const std::vector<std::string> strangers = line.strangers();
  if (strangers.empty()) return;
  const std::string& stranger = strangers.front();
  // "-.5" and "-inf" look like options; where only INTERVAL is missing, that is what they were
  // meant as.
  if (words.size() == 3 && is_number(stranger)) parsed("INTERVAL", stranger, parse_interval);
  if (const auto advice = advice_on_option(stranger); !advice.empty())
    refuse(fmt::format("unknown option '{}': {}", escape(stranger), advice));
  // What has a value is compared without it.
  const std::string meant = nearest(stranger.substr(0, stranger.find('=')), line.long_names());
  refuse(fmt::format("unknown option '{}'{}", escape(stranger),
                     meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant)));
}

/// The positions, of which there are as many as one of the forms has.
std::vector<std::string> checked_positions(const CommandLine& line) {
  std::vector<std::string> words = line.positions();
  if (words.size() < 5) refuse_strangers(line, words);
  // "sync src" lacks DST, where there is nothing of that name.
  const bool is_pair = words.size() == 2 && (exists(words[0]) || advice_on_verb(words[0]).empty());
  const bool is_form = is_pair || (words.size() == 4 && is_time(words.back()));
  if (is_form) return words;
  if (const std::string why = why_no_form(line, words); !why.empty()) refuse(why);
  return words;
}

void set_loop(Arguments& arguments, const CommandLine& line, const std::string& log,
              const std::string& interval) {
  if (given(line.interval)) refuse("--interval is one too many: INTERVAL is given already");
  if (given(line.log_file)) refuse("--log-file is one too many: LOG is given already");
  if (is_folder(log))
    throw Unusable(
        Status::files_unusable,
        fmt::format(
            "LOG comes first: LOG SRC DST INTERVAL, but '{}' is a folder; name a file in it",
            escape(log)));
  arguments.log = parsed("LOG", log, non_empty);
  arguments.interval = parsed("INTERVAL", interval, parse_interval);
}

// A name that another machine is asked for where rsync(1) reads it: a local one has a slash before
// its first colon.
void refuse_remote(const char* what, const std::string& path) {
  const std::size_t colon = path.find(':');
  if (colon == std::string::npos || path.find('/') < colon) return;
  const bool is_address = path.compare(colon, 3, "://") == 0;
  refuse(fmt::format(
      "{} '{}' names another machine: mount what is there (NFS, SMB, sshfs) and name its path{}",
      what, escape(path),
      is_address ? "" : fmt::format("; a local name with a colon in it is './{}'", escape(path))));
}

/// What is asked of the program itself rather than of a pass; the settings have no part in it.
std::string answer(const CommandLine& line) {
  const bool lone_h = given(line.short_help) && line.positions().empty();
  if (given(line.help) || lone_h) return help_text();
  if (!given(line.version)) return {};
  if (!given(line.verbose)) return version_text();
  const auto backend = value_of(line.digest_backend, parse_digest_backend);
  return detailed_version_text(backend.value_or(DigestBackend::automatic));
}

Arguments arguments_of(const CommandLine& line) {
  Arguments arguments;
  // Whoever asks for quiet has it, whatever else is to be told, as with rsync.
  arguments.quiet = given(line.quiet);
  arguments.verbose = given(line.verbose) && !arguments.quiet;
  line.refuse_rsync_flags();
  const InfoWords info = info_words(line);
  last_value_of(line.max_alloc, parse_allocation_limit);  // rsync's own; only checked
  arguments.progress = progress_mode(line, info);
  arguments.out_format = out_format(line, info);
  arguments.stats = given(line.stats) || info.stats;
  arguments.human_readable = human_readable(line);
  arguments.options.trust_nosuid = line.is_said_outright("--super");
  arguments.options.trust_nodev = arguments.options.trust_nosuid || line.is_said_outright("-D") ||
                                  line.is_said_outright("--devices");
  arguments.json = given(line.json);
  arguments.tells_differences = given(line.exit_code);
  const std::vector<std::string> words = checked_positions(line);
  const bool loop_form = words.size() == 4;
  if (loop_form) {
    set_loop(arguments, line, words[0], words[3]);
  } else {
    arguments.log = value_of(line.log_file, non_empty).value_or("");
    arguments.interval = value_of(line.interval, parse_interval);
  }
  if (const auto detail = value_of(line.log_detail, parse_log_detail)) {
    if (arguments.log.empty() && !arguments.interval) refuse("--log-detail needs a log");
    arguments.log_detail = *detail;
  }

  // A dry run is one pass for somebody to look at, whatever the settings are made for.
  if (given(line.dry_run)) {
    arguments.interval.reset();
    if (arguments.log != "-") arguments.log.clear();
  }

  Options& options = arguments.options;
  options.source = parsed("SRC", words[loop_form ? 1 : 0], non_empty);
  options.destination = parsed("DST", words[loop_form ? 2 : 1], non_empty);
  refuse_remote("SRC", options.source);
  refuse_remote("DST", options.destination);
  options.dry_run = given(line.dry_run);
  options.tell_proofs = arguments.verbose && line.verbose.count() > 1;
  options.tell_unchanged =
      line.itemize.count() > 1 && arguments.out_format && arguments.out_format->itemizes();
  options.all_differences =
      arguments.json || (arguments.out_format && arguments.out_format->itemizes());
  if (arguments.json && arguments.log == "-") refuse("--json contradicts a log on standard output");
  options.flush = !given(line.no_flush);
  options.deletions = deletions(line);
  options.free_at_first = loop_form;
  options.delete_before = given(line.delete_before);
  options.ignore_errors = given(line.ignore_errors);
  options.metadata = kept_metadata(line);
  options.size_only = given(line.size_only);
  options.backup = backup_of(line);
  options.stop_at = stop_moment(line);
  options.bytes_per_second = value_of(line.bwlimit, parse_rate).value_or(0);
  refuse_contradictions(line, arguments.interval.has_value());
  options.index = index_place_of(line);
  set_selection(line, options);
  options.one_file_system = given(line.one_file_system);
  options.rehash = given(line.rehash);
  options.adopt = given(line.adopt);
  options.trust_mtime = given(line.trust_mtime);
  options.keep_doubtful = given(line.keep_doubtful);
  options.restore = given(line.restore);
  options.verify = given(line.verify);
  options.reflink = value_of(line.reflink, parse_reflink).value_or(Reflink::automatic);
  options.in_place = given(line.in_place);
  options.keep_partial_from = partial_size(line);
  options.order = value_of(line.order, parse_order).value_or(Order::fastest);
  options.strict = given(line.strict);
  options.wait = given(line.wait);
  options.threads = value_of(line.threads, parse_workers).value_or(0);
  options.io_threads = value_of(line.io_threads, parse_workers).value_or(0);
  if (const auto why = value_of(line.why, non_empty)) arguments.why = within_roots(*why, options);
  options.digest_backend =
      value_of(line.digest_backend, parse_digest_backend).value_or(DigestBackend::automatic);
  return arguments;
}

}  // namespace

Arguments parse(int argc, const char* const* argv, const char* const* environment) {
  const CommandLine line(argc, argv);
  if (std::string text = answer(line); !text.empty()) {
    Arguments arguments;
    arguments.answer = std::move(text);
    return arguments;
  }
  const Completed completed = complete(line, {argv + 1, argv + argc}, environment);
  std::vector<const char*> words{argv[0]};
  for (const std::string& word : completed.words) words.push_back(word.c_str());
  try {
    return arguments_of(CommandLine(static_cast<int>(words.size()), words.data()));
  } catch (const Unusable& error) {
    throw Unusable(error.status(), completed.origins(error.what()) + error.what());
  }
}

}  // namespace syncline::cli
