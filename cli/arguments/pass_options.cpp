// SPDX-License-Identifier: MIT
#include "arguments/pass_options.h"

#include "arguments/mode_changes.h"
#include "arguments/moment.h"
#include "arguments/option_values.h"
#include "arguments/owners.h"
#include "arguments/selection.h"
#include "arguments/sizes.h"
#include "arguments/times.h"
#include "arguments/values.h"
#include "text/escape.h"

#include <sys/stat.h>

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>

namespace syncline::cli {
namespace {

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

/// The first of `options` that is given.
const CLI::Option* first_given(std::initializer_list<const CLI::Option*> options) {
  const auto* const first =
      std::ranges::find_if(options, [](const CLI::Option* option) { return given(*option); });
  return first == options.end() ? nullptr : *first;
}

/// Any option on how passes are kept asks for it.
std::optional<Undo> undo_of(const CommandLine& line) {
  const CLI::Option* const asked =
      first_given({&line.undo, &line.undo_passes, &line.undo_size, &line.undo_dir});
  if (asked == nullptr) return std::nullopt;
  const std::string name = asked->get_name();
  if (given(line.no_undo)) refuse("--no-undo contradicts " + name);
  if (given(line.in_place))
    refuse(fmt::format("--inplace contradicts {}: what is written over cannot be kept", name));
  if (const CLI::Option* const backup = first_given({&line.backup, &line.backup_dir}))
    refuse(
        fmt::format("{} contradicts {}: both would keep the same files", backup->get_name(), name));
  Undo undo;
  undo.keep_for = value_of(line.undo, [&](const std::string& text) {
                    return text == "true" ? undo.keep_for : parse_keeping(text);
                  }).value_or(undo.keep_for);
  undo.most_passes = value_of(line.undo_passes, parse_passes);
  if (const auto room = value_of(line.undo_size, parse_room)) undo.most_bytes = *room;
  undo.folder = value_of(line.undo_dir, non_empty).value_or("");
  return undo;
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

void set_comparing(const CommandLine& line, Options& options) {
  options.index = index_place_of(line);
  options.rehash = given(line.rehash);
  options.adopt = given(line.adopt);
  options.trust_mtime = given(line.trust_mtime);
  options.size_only = given(line.size_only);
  options.keep_doubtful = given(line.keep_doubtful);
}

void set_writing(const CommandLine& line, Options& options) {
  options.metadata = kept_metadata(line);
  options.strict = given(line.strict);
  options.trust_nosuid = line.is_said_outright("--super");
  options.trust_nodev =
      options.trust_nosuid || line.is_said_outright("-D") || line.is_said_outright("--devices");
  options.restore = given(line.restore);
  options.flush = !given(line.no_flush);
  options.verify = given(line.verify);
  options.reflink = value_of(line.reflink, parse_reflink).value_or(Reflink::automatic);
  options.in_place = given(line.in_place);
  options.keep_partial_from = partial_size(line);
}

void set_deleting(const CommandLine& line, Options& options) {
  options.deletions = deletions(line);
  options.delete_before = given(line.delete_before);
  options.ignore_errors = given(line.ignore_errors);
  options.backup = backup_of(line);
  options.undo = undo_of(line);
}

void set_pace(const CommandLine& line, Options& options) {
  options.stop_at = stop_moment(line);
  options.bytes_per_second = value_of(line.bwlimit, parse_rate).value_or(0);
  options.order = value_of(line.order, parse_order).value_or(Order::fastest);
  options.wait = given(line.wait);
  options.threads = value_of(line.threads, parse_workers).value_or(0);
  options.io_threads = value_of(line.io_threads, parse_workers).value_or(0);
  options.digest_backend =
      value_of(line.digest_backend, parse_digest_backend).value_or(DigestBackend::automatic);
}

}  // namespace

std::string non_empty(const std::string& text) {
  if (text.empty()) throw std::invalid_argument("is empty: is a variable of the shell not set?");
  return text;
}

// What rsync(1) reads as another machine's: a local name has a slash before its first colon.
std::string local_root(const char* what, const std::string& path) {
  parsed(what, path, non_empty);
  const std::size_t colon = path.find(':');
  if (colon == std::string::npos || path.find('/') < colon) return path;
  const bool is_address = path.compare(colon, 3, "://") == 0;
  refuse(fmt::format(
      "{} '{}' names another machine: mount what is there (NFS, SMB, sshfs) and name its path{}",
      what, escape(path),
      is_address ? "" : fmt::format("; a local name with a colon in it is './{}'", escape(path))));
}

Options pass_options(const CommandLine& line, const std::string& source,
                     const std::string& destination) {
  Options options;
  options.source = local_root("SRC", source);
  options.destination = local_root("DST", destination);
  options.dry_run = given(line.dry_run);
  set_deleting(line, options);
  set_writing(line, options);
  set_pace(line, options);
  set_comparing(line, options);
  set_selection(line, options);
  options.one_file_system = given(line.one_file_system);
  return options;
}

Options apply_options(const CommandLine& line) {
  Options options;
  options.dry_run = given(line.dry_run);
  options.undo = undo_of(line);
  options.flush = !given(line.no_flush);
  options.verify = given(line.verify);
  options.keep_partial_from = partial_size(line);
  options.strict = given(line.strict);
  set_pace(line, options);
  return options;
}

}  // namespace syncline::cli
