// SPDX-License-Identifier: MIT
#include "tell/refusal_words.h"

#include "text/shell_word.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <system_error>

namespace syncline::cli {
namespace {

std::string quoted(std::string_view path) {
  return fmt::format("'{}'", path);
}

/// "source 'a'".
std::string root_of(const Refusal& refusal) {
  switch (refusal.root) {
    case Root::none:
      break;
    case Root::source:
      return "source " + quoted(refusal.path);
    case Root::destination:
      return "destination " + quoted(refusal.path);
    case Root::parent_of_destination:
      return "the parent folder " + quoted(refusal.path) + " of the destination";
  }
  return quoted(refusal.path);
}

/// "cannot be used: could not open: Permission denied".
std::string unusable(const Refusal& refusal) {
  const std::string why =
      refusal.cause.empty() ? std::generic_category().message(refusal.error_number) : refusal.cause;
  if (refusal.operation.empty()) return "cannot be used: " + why;
  return fmt::format("cannot be used: could not {}: {}", refusal.operation, why);
}

std::string in_use(std::string_view what, const Refusal& refusal) {
  return fmt::format("{} '{}' is in use by another run ({})", what, refusal.path, refusal.cause);
}

/// What is said of the root.
std::string root_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::root_missing:
      return "does not exist";
    case RefusalCode::root_is_file:
      return "is a file, not a folder";
    case RefusalCode::root_is_no_folder:
      return "is not a folder";
    case RefusalCode::root_unusable:
      return unusable(refusal);
    case RefusalCode::root_is_link_to_nothing:
      return fmt::format("is a symbolic link to '{}', and nothing is there: is its disk mounted?",
                         refusal.other);
    case RefusalCode::root_not_mounted:
      return "is empty and not the folder it was in the last pass: is its disk mounted?";
    case RefusalCode::root_emptied:
      return "is empty and not the folder it was before: is its disk mounted?";
    case RefusalCode::destination_in_source:
      return fmt::format("lies inside {}'{}': choose one outside it",
                         refusal.root == Root::none ? "" : "the source ", refusal.other);
    case RefusalCode::destination_would_be_inside:
      return fmt::format("would lie inside the source '{}': choose one outside it", refusal.other);
    case RefusalCode::source_in_destination:
      return fmt::format("lies inside the destination '{}': it would be overwritten",
                         refusal.other);
    case RefusalCode::no_parent:
      return "cannot be created: its parent folder does not exist";
    case RefusalCode::destination_gone:
      return "was there before and is gone now: is its disk mounted?";
    case RefusalCode::destination_gone_in_loop:
      return "is gone: nothing is created in its place, since its disk may not be mounted";
    case RefusalCode::destination_unsteady:
      return "appears and disappears while it is looked at: is another program working on it?";
    default:
      return {};
  }
}

/// What is said of the index.
std::string index_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::index_unusable:
      return unusable(refusal);
    case RefusalCode::index_is_folder:
      return "is a folder: name a file in it";
    case RefusalCode::index_in_destination:
      return "lies in the destination, which holds nothing but the mirror";
    case RefusalCode::index_open_to_others:
      return "cannot be trusted, since others could forge proofs in it: " + refusal.cause;
    case RefusalCode::index_exchangeable:
      return "cannot be trusted, since others could put another one in its place: " + refusal.cause;
    case RefusalCode::index_remote:
      return "lies on a network file system, which cannot lock it well enough";
    case RefusalCode::index_foreign:
      return "is not an index of Syncline's: it is left untouched";
    case RefusalCode::index_of_other_pair:
      return fmt::format("belongs to another pair, '{}' and '{}'", refusal.other, refusal.cause);
    case RefusalCode::index_not_set_aside:
      return fmt::format("cannot be set aside as '{}': something else has that name",
                         refusal.other);
    default:
      return {};
  }
}

/// What is said of the backup folder.
std::string backup_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::backup_unusable:
      return unusable(refusal);
    case RefusalCode::backup_in_source:
      return "lies inside the source: choose one outside it";
    case RefusalCode::backup_elsewhere:
      return "is on another file system than the destination, and backups are moved, not copied: "
             "choose one on the same";
    case RefusalCode::backup_reserved:
      return "lies in the destination's '.syncline', which is reserved for Syncline itself: choose "
             "another one";
    case RefusalCode::backup_open_to_others:
      return refusal.cause +
             ", though the destination cannot: make it yours, and use chmod go-w on it";
    case RefusalCode::backup_holds_destination:
      return "holds the destination: choose one that lies beside or inside it";
    case RefusalCode::backup_holds_source:
      return "holds the source: choose one that lies beside it";
    default:
      return {};
  }
}

/// What is said of the quarantine.
std::string quarantine_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::quarantine_unusable:
      return unusable(refusal);
    case RefusalCode::quarantine_elsewhere:
      return "is on another file system than the destination, and what is kept is moved, not "
             "copied: choose one on the same";
    case RefusalCode::quarantine_in_root:
      return "lies in the source or the destination, or holds one of them: choose one beside them";
    case RefusalCode::quarantine_open_to_others:
      return "cannot be trusted, since others could change what is brought back: " + refusal.cause;
    default:
      return {};
  }
}

/// Where to look.
std::string list_of(const std::string& destination) {
  return fmt::format("those that are: syncline undo {} --list",
                     destination.empty() ? "DST" : shell_word(destination));
}

/// What is said of a plan, after its path.
std::string plan_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::plan_unusable:
      return unusable(refusal);
    case RefusalCode::plan_foreign:
      return "is no plan: it is neither read nor replaced";
    case RefusalCode::plan_open_to_others:
      return refusal.cause + ": others could have written it, so it is not used";
    case RefusalCode::plan_other_schema:
      return fmt::format(
          "is of schema {}, which this version of syncline does not know: make it "
          "anew",
          refusal.other);
    case RefusalCode::plan_cut_short:
      return "is cut short: its end is missing, so nothing of it is used";
    case RefusalCode::plan_altered:
      return fmt::format(
          "is not what was written, so nothing of it is used ({}): make it anew, or "
          "cut it with 'syncline plan --only' and '--without'",
          refusal.cause);
    case RefusalCode::plan_other_root:
      return fmt::format("is for another {} folder than what '{}' is now: nothing of it was done",
                         to_string(refusal.root), refusal.other);
    case RefusalCode::plan_done:
      return fmt::format("was applied, which ended at {}: a plan is done once. Make a new one",
                         refusal.other);
    case RefusalCode::plan_keeps_backups:
      return "was made with --backup, which contradicts --undo: both would keep the same files";
    case RefusalCode::plan_in_root:
      return fmt::format("would lie in '{}', which it is about: name a file elsewhere",
                         refusal.other);
    default:
      return {};
  }
}

/// What is said of passes that are kept.
std::string undo_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::held_after_undo:
      return fmt::format(
          "nothing was done, since destination '{}' is held: the undo {} took passes onto it back, "
          "and another one would do the same again. To let them go on: syncline undo {}{} "
          "--release",
          refusal.path, refusal.other, shell_word(refusal.path),
          refusal.cause.empty() ? "" : " --undo-dir=" + shell_word(refusal.cause));
    case RefusalCode::no_such_pass:
      return fmt::format("no pass '{}' is kept; {}", refusal.other, list_of(refusal.path));
    case RefusalCode::nothing_to_undo:
      return "nothing can be taken back: no pass that is meant is kept (with --undo they are) and "
             "still in effect; " +
             list_of(refusal.path);
    case RefusalCode::no_such_version:
      return fmt::format(
          "the destination had no '{}' then: 'syncline undo DST --list PATH' shows what it had",
          refusal.path);
    default:
      return {};
  }
}

std::string whole_words(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::other:
      return refusal.cause;
    case RefusalCode::same_folder:
      return "source and destination are the same folder: " + quoted(refusal.path);
    case RefusalCode::destination_in_use:
      return in_use("destination", refusal);
    case RefusalCode::mirror_of_source:
      return fmt::format("'{}' is known as the mirror of '{}'", refusal.path, refusal.other);
    case RefusalCode::places_changed:
      return fmt::format(
          "source and destination have changed places: '{}' is known as the mirror of '{}'",
          refusal.path, refusal.other);
    case RefusalCode::roots_unusable:
      if (refusal.other.empty()) return quoted(refusal.path) + ' ' + unusable(refusal);
      return fmt::format("source '{}' or destination '{}' {}", refusal.path, refusal.other,
                         unusable(refusal));
    case RefusalCode::root_in_root:
      return fmt::format("'{}' is the {} itself, mounted inside: one root must not hold the other",
                         refusal.path, to_string(refusal.root));
    case RefusalCode::index_in_use:
      return in_use("the index", refusal);
    case RefusalCode::index_unreadable:
      return "the index cannot be read: " + refusal.cause;
    case RefusalCode::index_has_no_usual_place:
      return "there is no default place for the index, since no home folder is known";
    case RefusalCode::plan_line_too_long:
      return refusal.other.empty()
                 ? "the rules are too many for a plan"
                 : fmt::format("the path '{}' is too long for a plan", refusal.other);
    case RefusalCode::stopped_waiting:
      return in_use("destination", refusal) + ": stopped while waiting for that to end";
    case RefusalCode::stopped_waiting_for_index:
      return in_use("the index", refusal) + ": stopped while waiting for that to end";
    case RefusalCode::cannot_go_on:
      return "the pass cannot go on: " + refusal.cause;
    case RefusalCode::list_lost:
      return "the list of deletions cannot be kept: " + refusal.cause;
    case RefusalCode::outside_of_roots:
      return "the path to explain must lie below SRC or DST, without '..'";
    case RefusalCode::entry_unusable:
      return fmt::format("could not {} '{}': {}", refusal.operation, refusal.path,
                         refusal.cause.empty()
                             ? std::generic_category().message(refusal.error_number)
                             : refusal.cause);
    default:
      return {};
  }
}

std::string sentence(const Refusal& refusal) {
  if (std::string words = whole_words(refusal); !words.empty()) return words;
  if (const std::string words = root_words(refusal); !words.empty())
    return root_of(refusal) + ' ' + words;
  if (const std::string words = index_words(refusal); !words.empty())
    return fmt::format("the index '{}' {}", refusal.path, words);
  if (const std::string words = backup_words(refusal); !words.empty())
    return fmt::format("the backup folder '{}' {}", refusal.path, words);
  if (const std::string words = quarantine_words(refusal); !words.empty())
    return fmt::format("the folder for undo '{}' {}", refusal.path, words);
  if (const std::string words = plan_words(refusal); !words.empty())
    return fmt::format("the plan '{}' {}", refusal.path, words);
  if (std::string words = undo_words(refusal); !words.empty()) return words;
  return refusal.in_codes();
}

std::string_view last_name_in(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

/// What follows the sentence.
std::string way_out(const Refusal& refusal) {
  switch (refusal.allowance) {
    case Allowance::nothing:
      break;
    case Allowance::wait:
      return ": wait until that has ended, or use --wait";
    case Allowance::adopt:
      return " If this is right, use --adopt";
    case Allowance::restore_or_adopt:
      return ". To bring files back from it, deleting nothing, use --restore; to mirror this way "
             "round from now on, use --adopt";
    case Allowance::restore_other_way:
      return fmt::format(": to bring files back from it, name it first: --restore '{}' '{}'",
                         refusal.path, refusal.other);
    case Allowance::one_file:
      return fmt::format(
          ": to mirror it alone, name its folder and add --include=/{} --exclude='*', or use cp",
          last_name_in(refusal.path));
    case Allowance::move_or_other_index:
      return ". Move it away, or name another file with --index=FILE";
    case Allowance::other_index:
      return ": name another file with --index=FILE";
    case Allowance::other_or_no_index:
      return "; name another place with --index=FILE, or use --no-index";
  }
  return {};
}

}  // namespace

std::string refusal_words(const Refusal& refusal) {
  return sentence(refusal) + way_out(refusal);
}

}  // namespace syncline::cli
