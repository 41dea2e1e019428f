// SPDX-License-Identifier: MIT
#include "tell/failure_words.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <system_error>

namespace syncline::cli {
namespace {

// "set the times of" what? The path stands before the sentence.
std::string whole(const std::string& operation) {
  for (const std::string_view preposition : {" of", " to", " for", " with", " in", " from"})
    if (std::string_view(operation).ends_with(preposition)) return operation + " it";
  return operation;
}

std::string could_not(const Failure& failure, std::string_view why) {
  return fmt::format("could not {}: {}", whole(failure.operation), why);
}

std::string system_words(int error_number) {
  return std::generic_category().message(error_number);
}

std::string rot_words(std::string_view way_out) {
  return fmt::format(
      "bytes of the source changed, but not its inode, size, mtime or ctime, as with bit rot: not "
      "mirrored; {}, "
      "or 'touch' it to have it mirrored as it is",
      way_out);
}

std::string kept_words(std::string_view option) {
  return fmt::format(
      "is a folder in the destination but not in the source, and {} keeps it: not replaced",
      option);
}

std::string index_words(const Failure& failure) {
  return fmt::format("the index '{}' failed: {}; what was proved since then is not remembered",
                     failure.name, failure.cause);
}

}  // namespace

std::string failure_words(const Failure& failure) {
  switch (failure.code) {
    case FailureCode::system_call:
      return could_not(failure,
                       failure.cause.empty() ? system_words(failure.error_number) : failure.cause);
    case FailureCode::attribute_too_large:
      return could_not(failure, "it is larger than DST's file system allows, or the disk is full");
    case FailureCode::leased:
      return could_not(failure, "another program holds a lease on it, and did not give it back");
    case FailureCode::busy:
      return could_not(failure, "another program is using it, and did not let it go");
    case FailureCode::running:
      return could_not(failure, "it is a running program, and did not end");
    case FailureCode::no_answer:
      return fmt::format(
          "no answer to '{}' for {} s: given up, since a stop was requested. What was done is kept",
          failure.operation, failure.seconds);
    case FailureCode::other:
      return failure.cause;
    case FailureCode::vanished_in_walk:
      return "vanished while it was looked at";
    case FailureCode::vanished_unread:
      return "vanished before it was read";
    case FailureCode::vanished_unlinked:
      return "vanished before it was linked";
    case FailureCode::other_file:
      return "is no longer the file that was seen: not linked";
    case FailureCode::changing:
      return "changed each time it was read: not copied";
    case FailureCode::rot_destination_good:
      return rot_words(
          "the destination still holds what is remembered. Copy the file back from "
          "there (--restore does so for all files)");
    case FailureCode::rot_destination_other:
      return rot_words(
          "the destination does not hold what is remembered either. Bring the file "
          "back from elsewhere");
    case FailureCode::rot_destination_unread:
      return rot_words(
          "the destination has no such file that can be read. Bring it back from "
          "elsewhere");
    case FailureCode::rot_remembered:
      return "was found with rotten bytes: it will not be mirrored";
    case FailureCode::doubtful:
      return "other content of the same size and mtime: both sides were left alone";
    case FailureCode::unverified:
      return "what was written reads back as something else";
    case FailureCode::attributes_unreadable:
      return "the destination's extended attributes cannot be read: " +
             system_words(failure.error_number);
    case FailureCode::holds_excluded:
      return "is a folder in the destination that holds excluded entries or backups: not replaced";
    case FailureCode::kept_unlisted:
      return kept_words("--files-from");
    case FailureCode::kept_undeleted:
      return kept_words("--no-delete");
    case FailureCode::kept_for_backup:
      return kept_words("--backup");
    case FailureCode::no_mount_point:
      return "was a mount point, or contained one, and no longer does: is its disk mounted? If it "
             "is "
             "right as it is, use --adopt once";
    case FailureCode::mount_point:
      return "is a mount point: not deleted";
    case FailureCode::appeared_in_source:
      return "has appeared in the source meanwhile: not deleted";
    case FailureCode::changed_in_destination:
      return "has changed in the destination meanwhile: not deleted";
    case FailureCode::changed_since_pass:
      return fmt::format("is not what the pass {} left there: left alone", failure.name);
    case FailureCode::not_kept:
      return fmt::format(
          "not brought back: what pass {} took is not in the quarantine any more, nor in its place",
          failure.name);
    case FailureCode::in_the_way:
      return "something else has its place: left alone (beside --into, --force overwrites it)";
    case FailureCode::source_not_as_planned:
      return "is no longer what the plan met in the source: left as it is";
    case FailureCode::destination_not_as_planned:
      return "is no longer what the plan met in the destination: left as it is";
    case FailureCode::not_as_planned:
      return "cannot be done as it was planned, since something else has changed: left as it is";
    case FailureCode::listed_missing:
      return "is listed, but the source has no such entry";
    case FailureCode::listed_in_no_folder:
      return "is listed, but the source lacks the folder it would be in";
    case FailureCode::one_name:
      return fmt::format(
          "\"{}\" and \"{}\" are the same name on the destination's file system: not mirrored",
          std::string_view(failure.path).substr(failure.path.rfind('/') + 1), failure.name);
    case FailureCode::name_refused:
      return "DST does not allow this name";
    case FailureCode::name_too_long:
      return "DST does not allow this name: it is too long";
    case FailureCode::backup_name_too_long:
      return fmt::format(
          "the name of its backup, '{}', is too long for DST: left alone. Use a shorter --suffix, "
          "or --backup-dir without one",
          failure.name);
    case FailureCode::backup_name_taken:
      return fmt::format(
          "its backup would take the place of '{}', which the source has too: left alone. Use "
          "--backup-dir, or another --suffix",
          failure.name);
    case FailureCode::backup_in_source:
      return "its backup would lie in the source, which is mounted there";
    case FailureCode::index_failed:
      return index_words(failure);
    case FailureCode::index_failed_set_aside:
      return index_words(failure) + ". It was set aside, and the next pass begins a new one";
  }
  return to_string(failure.code);
}

}  // namespace syncline::cli
