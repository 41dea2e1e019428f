// SPDX-License-Identifier: MIT
#include "tell/notice_words.h"

#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string_view>
#include <system_error>

namespace syncline::cli {
namespace {

std::uint64_t percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : part * 100 / whole;
}

std::string in_use(std::string_view what, const Notice& notice) {
  return fmt::format("{} '{}' is in use by another run ({}): waiting until it ends", what,
                     notice.name, notice.cause);
}

std::string weak_words(std::string_view side) {
  return fmt::format(
      "a file system of the {} has no reliable ctime or inode numbers: a change that keeps size "
      "and mtime is seen there only with --rehash",
      side);
}

std::string ctime_words(const Notice& notice, std::string_view is) {
  return fmt::format(
      "{} % of the files {} read again in the source: only their ctime changed (a chmod, "
      "a chown or new hard links of the whole tree does that)",
      percent(notice.numbers[0], notice.numbers[1]), is);
}

std::string counted_entries(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " entry" : " entries");
}

std::string gigabytes(std::uint64_t bytes) {
  return fmt::format("{:.3f} GB", static_cast<double>(bytes) / 1e9);
}

std::string room_words(const Notice& notice) {
  const auto& [wanted, free, freed] = notice.numbers;
  std::string text = fmt::format(
      "the destination does not have enough space: at least {} are to be copied, {} are free",
      gigabytes(wanted), gigabytes(free));
  if (freed == 0) return text;
  return text + fmt::format(
                    "; deletions free at least {}, but come after the copying: --delete-before "
                    "deletes first",
                    gigabytes(freed));
}

std::string is_taken(const std::string& why) {
  return why + ": it is replaced by the source's";
}

}  // namespace

std::string notice_words(const Notice& notice) {
  switch (notice.code) {
    case NoticeCode::own_file:
      return "is a file of Syncline's own: left alone";
    case NoticeCode::reserved_name:
      return "at the top of a root this name is reserved for Syncline itself: neither mirrored nor "
             "deleted";
    case NoticeCode::holds_backups:
      return "holds the backups: what the source has there is not mirrored";
    case NoticeCode::temporary_name:
      return "has a name like Syncline's temporary files: not mirrored";
    case NoticeCode::maybe_temporary:
      return "may be a temporary file of another run, and this file system has no locks: left "
             "alone";
    case NoticeCode::holds_excluded:
      return "holds entries that are excluded, or backups: not deleted";
    case NoticeCode::copy_kept:
      return fmt::format("its copy was kept at {} %: the next run goes on from there",
                         percent(notice.numbers[0], notice.numbers[1]));
    case NoticeCode::file_unreadable:
      return is_taken("the destination's file cannot be read: " +
                      std::generic_category().message(notice.error_number));
    case NoticeCode::rotten_destination:
      return is_taken("the destination's bytes changed, but not its inode, size, mtime or ctime");
    case NoticeCode::doubtful:
      return is_taken("other content of the same size and mtime; which side changed is not known");
    case NoticeCode::backup_renamed:
      return fmt::format(
          "an older backup of another kind was in the way of its backup, and was renamed to '{}'",
          notice.name);
    case NoticeCode::backup_armed:
      return "its backup keeps its set-id bits or capabilities: " + notice.cause;
    case NoticeCode::kept_with_gap:
      return "its file system has no hard links: it is missing for a moment while it is replaced";
    case NoticeCode::expired:
      return fmt::format("the pass {} can be taken back no more: {} of it {} no longer kept ({})",
                         notice.name, counted_entries(notice.numbers[0]),
                         notice.numbers[0] == 1 ? "is" : "are", human_bytes(notice.numbers[1]));
    case NoticeCode::destination_made_anew:
      return fmt::format("destination '{}' was deleted since the last pass: it is created again",
                         notice.name);
    case NoticeCode::lock_passed_over:
      return fmt::format(
          "destination '{}' is locked by {}: ignored, since only your own locks and root's "
          "count",
          notice.name, notice.cause);
    case NoticeCode::waiting_for_destination:
      return in_use("destination", notice);
    case NoticeCode::waiting_for_index:
      return in_use("the index", notice);
    case NoticeCode::index_open_to_others:
      return fmt::format(
          "the index '{}' can be read by other users; the next run without --dry-run closes "
          "it to them",
          notice.name);
    case NoticeCode::index_unusable:
      return fmt::format("the index '{}' cannot be used: {}", notice.name, notice.cause);
    case NoticeCode::index_set_aside:
      return fmt::format(
          "the index '{}' could not be used ({}): it was renamed to '{}', and a new one is begun",
          notice.name, notice.cause, notice.other);
    case NoticeCode::index_in_source:
      return fmt::format("the index '{}' lies in the source: its own files are not mirrored",
                         notice.name);
    case NoticeCode::weak_source:
      return weak_words("source");
    case NoticeCode::weak_destination:
      return weak_words("destination");
    case NoticeCode::read_for_ctime:
      return ctime_words(notice, "were");
    case NoticeCode::would_read_for_ctime:
      return ctime_words(notice, "would be");
    case NoticeCode::little_room:
      return room_words(notice);
    case NoticeCode::no_answer:
      return fmt::format(
          "no answer to '{}' of '{}' for {} s: its file system may hang. Everything else goes "
          "on; a stop waits {} s for it",
          notice.other, notice.name, notice.numbers[0], notice.numbers[1]);
  }
  return to_string(notice.code);
}

}  // namespace syncline::cli
