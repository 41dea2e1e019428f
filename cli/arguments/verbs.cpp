// SPDX-License-Identifier: MIT
#include "arguments/verbs.h"

#include "arguments/there.h"
#include "arguments/times.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace syncline::cli {
namespace {

using Is = Position::Is;
using Times = Position::Times;

constexpr std::array roots_alone{Position{"SRC"}, Position{"DST", Is::new_folder}};
constexpr std::array entry_and_roots{Position{"PATH", Is::text}, Position{"SRC"},
                                     Position{"DST", Is::new_folder}};
constexpr std::array one_folder{Position{"DIR"}};
constexpr std::array one_file{Position{"FILE", Is::file}};
constexpr std::array perhaps_name{Position{"NAME", Is::name, Times::perhaps}};
constexpr std::array mirror_and_pass{Position{"DST"}, Position{"PASS", Is::name, Times::perhaps}};
constexpr std::array card_and_drives{Position{"CARD"},
                                     Position{"DST", Is::new_folder, Times::often}};

// What may change what is told of an entry. When a pass runs, how fast, and what it tells, may not.
constexpr std::string_view explain_options =
    "-h --help --version --config --dry-run "
    "--delete --max-delete --no-delete --delete-before --ignore-errors "
    "--backup --backup-dir --suffix --undo --no-undo --undo-dir "
    "--exclude --include --exclude-from --include-from --filter --delete-excluded "
    "--files-from --recursive --from0 --max-size --min-size --min-age "
    "--update --existing --ignore-existing --one-file-system "
    "--index --no-index --rehash --adopt --trust-mtime --size-only --modify-window "
    "--keep-doubtful "
    "--no-owner --no-group --no-perms --executability --no-times --omit-dir-times "
    "--omit-link-times --chown --chmod --restore";

// Those of "explain", for the same reason, and how it is told.
constexpr std::string_view plan_options =
    "-h --help --version --config --dry-run --verbose --quiet --json --wait --no-flush "
    "--delete --max-delete --no-delete --delete-before --ignore-errors "
    "--backup --backup-dir --suffix --undo --no-undo --undo-dir "
    "--exclude --include --exclude-from --include-from --filter --delete-excluded "
    "--files-from --recursive --from0 --max-size --min-size --min-age "
    "--update --existing --ignore-existing --one-file-system "
    "--index --no-index --rehash --adopt --trust-mtime --size-only --modify-window "
    "--keep-doubtful "
    "--no-owner --no-group --no-perms --executability --no-times --omit-dir-times "
    "--omit-link-times --chown --chmod --restore";
constexpr std::string_view plan_alone = "--output --no-read --show --only --without";

// How it is done and told. What is done, the plan says.
constexpr std::string_view apply_options =
    "-h --help --version --config --dry-run --verbose --quiet --json --wait --no-flush --verify "
    "--undo --no-undo --undo-passes --undo-size --undo-dir --strict --partial --no-partial "
    "--threads --io-threads --digest-backend --bwlimit --order --stop-after --stop-at --log-file "
    "--log-detail --progress -P --no-progress --stats --itemize-changes --out-format";
constexpr std::string_view apply_alone = "--all-or-nothing";

constexpr std::string_view undo_options =
    "-h --help --version --config --dry-run --verbose --quiet --json --wait --no-flush --undo-dir";
constexpr std::string_view undo_alone = "--to --list --only --into --release";

constexpr std::array all{
    Verb{.task = Task::mirror, .summary = "make DST the mirror of SRC", .positions = roots_alone},
    Verb{.word = "explain",
         .task = Task::explain,
         .summary = "show what would be done with one entry, and why",
         .positions = entry_and_roots,
         .options = explain_options,
         .help = explain_help_text},
    Verb{.word = "undo",
         .task = Task::undo,
         .summary = "take back what a pass did to a destination",
         .positions = mirror_and_pass,
         .options = undo_options,
         .own = undo_alone,
         .help = undo_help_text},
    Verb{.word = "plan",
         .task = Task::plan,
         .summary = "write down what mirroring would do, to be read and cut before it is done",
         .positions = roots_alone,
         .options = plan_options,
         .own = plan_alone,
         .help = plan_help_text},
    Verb{.word = "apply",
         .task = Task::apply,
         .summary = "do what a plan lists, and nothing else",
         .positions = one_file,
         .options = apply_options,
         .own = apply_alone,
         .help = apply_help_text},
    Verb{.word = "offload", .positions = card_and_drives},
    Verb{.word = "seal", .positions = one_folder},
    Verb{.word = "check", .positions = one_folder},
    Verb{.word = "status", .positions = perhaps_name},
    Verb{.word = "now", .positions = perhaps_name},
    Verb{.word = "pause", .positions = perhaps_name},
    Verb{.word = "resume", .positions = perhaps_name},
};

bool fits(const Position& position, const std::string& text) {
  switch (position.is) {
    case Is::folder:
      return is_folder(text);
    case Is::file:
      return exists(text) && !is_folder(text);
    case Is::new_folder:
      return is_folder(text) || (!exists(text) && !text.empty() && !is_time(text));
    case Is::name:
      return !text.empty() && text.find('/') == std::string::npos;
    case Is::text:
      return !text.empty();
  }
  return false;
}

/// Whether `option` is one of `options`, with blanks between them.
bool lists(std::string_view options, std::string_view option) {
  for (std::size_t at = 0; at < options.size();) {
    const std::size_t end = std::min(options.find(' ', at), options.size());
    if (options.substr(at, end - at) == option) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::span<const Verb> verbs() {
  return all;
}

std::string form_of(const Verb& verb) {
  std::string form;
  for (const Position& position : verb.positions) {
    const bool may_lack = position.times == Times::perhaps;
    form += fmt::format("{}{}{}{}{}", form.empty() ? "" : " ", may_lack ? "[" : "", position.name,
                        may_lack ? "]" : "", position.times == Times::often ? "..." : "");
  }
  return form;
}

bool takes(const Verb& verb, std::string_view option) {
  if (verb.task == Task::mirror) return owner_of(option) == nullptr;
  return lists(verb.options, option) || lists(verb.own, option);
}

const Verb* owner_of(std::string_view option) {
  const auto owner =
      std::ranges::find_if(all, [&](const Verb& verb) { return lists(verb.own, option); });
  return owner == all.end() ? nullptr : &*owner;
}

bool has_form_of(const Verb& verb, std::span<const std::string> words) {
  for (const Position& position : verb.positions) {
    const std::size_t most = position.times == Times::often ? words.size() : 1;
    const std::size_t least = position.times == Times::perhaps ? 0 : 1;
    const std::size_t count = std::min(most, words.size());
    const auto here = words.first(count);
    if (count < least ||
        !std::ranges::all_of(here, [&](const std::string& word) { return fits(position, word); }))
      return false;
    words = words.subspan(count);
  }
  return words.empty();
}

}  // namespace syncline::cli
