// SPDX-License-Identifier: MIT
#include "tell/summary.h"

#include "tell/held_words.h"
#include "tell/refusal_words.h"
#include "text/escape.h"
#include "text/join.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>

namespace syncline::cli {
namespace {

std::string exact(std::string_view what, const Tally& tally) {
  return fmt::format("{} {} ({} bytes)", what, tally.entries, tally.bytes);
}

std::string human(std::string_view what, const Tally& tally) {
  if (tally.bytes == 0) return fmt::format("{} {}", grouped(tally.entries), what);
  return fmt::format("{} {} ({})", grouped(tally.entries), what, human_bytes(tally.bytes));
}

std::string entries(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " entry" : " entries");
}

std::string counted(const Tally& tally, std::string_view one, std::string_view many) {
  return human(tally.entries == 1 ? one : many, tally);
}

/// "1 file (4 B)", "3 files (24.3 MB)"
std::string files(const Tally& tally) {
  return counted(tally, "file", "files");
}

/// A line of the summary: what it is about, and the rest in a column of its own.
std::string row(std::string_view what, std::string_view text) {
  return fmt::format("{:<14} {}", what, text);
}

std::string rate(std::uint64_t bytes, std::chrono::nanoseconds elapsed) {
  return fmt::format("{:.1f} MB/s", per_second(bytes, elapsed) / 1e6);
}

/// "24.3 MB", and "2.4 GB (230.0 MB/s)" where there was time and matter enough for a rate.
std::string with_rate(std::uint64_t bytes, std::chrono::nanoseconds elapsed) {
  constexpr std::uint64_t least_bytes = 1'000'000;
  if (bytes < least_bytes || elapsed < std::chrono::seconds(1)) return human_bytes(bytes);
  return fmt::format("{} ({}/s)", human_bytes(bytes),
                     human_bytes(static_cast<std::uint64_t>(per_second(bytes, elapsed))));
}

/// "100,000 files (1.0 GB) in 1 folder, nothing copied".
std::string moved_words(const Summary& s) {
  std::string words = files(s.moved);
  if (s.moved_folders != 0)
    words += fmt::format(" in {} {}", grouped(s.moved_folders),
                         s.moved_folders == 1 ? "folder" : "folders");
  return words + ", nothing copied";
}

bool is_cut_short(const Summary& s) {
  return s.stopped || s.given_up;
}

void add_what_was_done(const Summary& s, std::vector<std::string>& lines) {
  const std::size_t before = lines.size();
  const auto add = [&](std::string_view what, const Tally& tally) {
    if (tally.entries == 0) return;
    const std::string label = (s.dry_run ? "would " : "") + std::string(what);
    lines.push_back(row(label, counted(tally, "entry", "entries")));
  };
  add(s.dry_run ? "create" : "created", s.created);
  add(s.dry_run ? "update" : "updated", s.updated);
  if (s.moved.entries + s.moved_folders != 0)
    lines.push_back(row(s.dry_run ? "would move" : "moved", moved_words(s)));
  add(s.dry_run ? "set metadata" : "metadata set", {s.metadata_set, 0});
  add(s.dry_run ? "remove" : "removed", s.removed);
  add(s.dry_run ? "clean" : "cleaned", {s.cleaned, 0});
  if (lines.size() > before) return;
  if (is_cut_short(s)) {
    lines.emplace_back("nothing was done yet");
    return;
  }
  lines.emplace_back(s.to_compare.entries == 0
                         ? "nothing to do"
                         : "nothing certain to do yet: some files would have to be read");
}

std::chrono::nanoseconds age_of_oldest_proof(const Summary& s) {
  if (!s.oldest_proof) return {};
  return std::max<std::chrono::nanoseconds>(std::chrono::system_clock::now() - *s.oldest_proof, {});
}

std::string index_words(const Summary& s) {
  if (s.index.empty()) return {};
  std::string words = fmt::format("; index {} bytes", s.index_bytes);
  if (s.oldest_proof)
    words += fmt::format(", oldest proof {:.0f} s", to_seconds(age_of_oldest_proof(s)));
  return words;
}

/// "3 not known before, 2 whose ctime alone changed": why files were read to be proved.
std::string why_read(const Summary& s) {
  std::vector<std::string> parts;
  const auto add = [&](const Tally& tally, std::string_view what) {
    if (tally.entries != 0) parts.push_back(fmt::format("{} {}", grouped(tally.entries), what));
  };
  const ReadReasons& why = s.read_because;
  add(why.unknown, "not known before");
  if (s.ctime_moved != 0) add({s.ctime_moved, 0}, "whose ctime alone changed in the source");
  add({why.source_moved.entries - s.ctime_moved, 0}, "touched in the source");
  add(why.destination_moved, "touched in the destination");
  add(why.both_moved, "touched on both sides");
  add(why.unsure, "that changed too recently the last time");
  add(why.asked, "as asked for");
  return join(parts, ", ");
}

/// "owner not kept: 12 entries (such as "a/b")", for what makes the pass fail or what does not.
void add_unkept(const Summary& s, bool that_fails, std::vector<std::string>& lines) {
  for (const Unkept& unkept : s.unkept) {
    if ((s.strict || unkept.is_content()) != that_fails) continue;
    lines.push_back(fmt::format("{} not kept: {} (such as {})", to_string(unkept.aspect),
                                entries(unkept.entries), quote(unkept.example)));
  }
}

void add_what_is_known(const Summary& s, std::vector<std::string>& lines) {
  const auto add = [&](std::string_view label, const Tally& tally, std::string_view what) {
    if (tally.entries != 0) lines.push_back(row(label, fmt::format("{} {}", files(tally), what)));
  };
  add("not read", s.standing,
      "proved before, and neither side changed; oldest proof " +
          human_duration(age_of_oldest_proof(s)) + " ago");
  const std::string why = s.dry_run ? "" : why_read(s);
  if (s.proved.entries != 0)
    lines.push_back(
        row("read", files(s.proved) + ", found the same" + (why.empty() ? "" : ": " + why)));
  else if (!why.empty())
    lines.push_back(row("read", "to compare: " + why));
  add("would read", s.to_compare, "of the same size, and compare");
  add("unproven", s.unproven, "taken for the same");
  add("silent", {s.silent, 0}, "had other content with the same size and mtime");
  add("left alone", s.left_alone, "because of size, age or what the destination has, as asked for");
  add("next time", s.again, "changed too recently to be proved: to be read again");
}

/// What fails first is named: `12 entries failed: "a", "b", "c" and 9 more`.
std::string with_names(const Summary& s, std::uint64_t count, std::string_view what,
                       bool (*is_meant)(FailureKind)) {
  constexpr std::size_t most = 3;
  std::vector<std::string> names;
  for (const Failure& failure : s.first_failures)
    if (is_meant(failure.kind) && names.size() < most) names.push_back(quote(failure.path));
  std::string text = fmt::format("{} {}", entries(count), what);
  if (!names.empty()) text += ": " + join(names, ", ");
  if (!names.empty() && names.size() < count)
    text += fmt::format(" and {} more", grouped(count - names.size()));
  return text;
}

bool is_error(FailureKind kind) {
  return kind == FailureKind::error;
}

bool is_moved(FailureKind kind) {
  return kind == FailureKind::vanished || kind == FailureKind::changed;
}

bool is_left(FailureKind kind) {
  return kind == FailureKind::left;
}

bool is_suspect(FailureKind kind) {
  return !is_error(kind) && !is_moved(kind) && !is_left(kind);
}

}  // namespace

std::string summary_line(const Summary& s) {
  std::vector<std::string> parts{exact("created", s.created),
                                 exact("updated", s.updated),
                                 exact("moved", s.moved),
                                 fmt::format("moved folders {}", s.moved_folders),
                                 fmt::format("metadata set {}", s.metadata_set),
                                 exact("removed", s.removed),
                                 fmt::format("cleaned {}", s.cleaned)};
  parts.push_back(exact("proved unread", s.standing));
  parts.push_back(exact("proved equal", s.proved));
  parts.push_back(exact("unproven", s.unproven));
  if (s.to_compare.entries != 0) parts.push_back(exact("to be compared", s.to_compare));
  if (const std::string why = why_read(s); !why.empty() && !s.dry_run)
    parts.push_back("compared because: " + why);
  if (s.silent != 0) parts.push_back(fmt::format("silently changed {}", s.silent));
  if (s.doubtful != 0) parts.push_back(fmt::format("doubtful {}", s.doubtful));
  if (s.repaired != 0) parts.push_back(fmt::format("repaired {}", s.repaired));
  if (s.again.entries != 0) parts.push_back(exact("to be read again", s.again));
  if (s.left_alone.entries != 0) parts.push_back(exact("left alone", s.left_alone));
  for (const Unkept& unkept : s.unkept)
    parts.push_back(fmt::format("{} not kept {}", to_string(unkept.aspect), unkept.entries));
  if (s.suspect != 0) parts.push_back(fmt::format("suspect {}", s.suspect));
  if (s.left != 0) parts.push_back(fmt::format("steps left {}", s.left));
  parts.push_back(fmt::format("failed {}", s.failures));
  parts.push_back(fmt::format("changed while read {}", s.source_moved));
  return fmt::format(
      "{}; source {} entries ({} bytes), destination {} entries ({} bytes); read {} bytes ({}), "
      "written {} bytes ({}), hashed {} bytes{}; {:.3f} s, {:.0f} entries/s",
      join(parts, ", "), s.source.entries, s.source.bytes, s.destination.entries,
      s.destination.bytes, s.bytes_read, rate(s.bytes_read, s.elapsed), s.bytes_written,
      rate(s.bytes_written, s.elapsed), s.bytes_hashed, index_words(s), to_seconds(s.elapsed),
      per_second(s.source.entries, s.elapsed));
}

bool is_uneventful(const Summary& s) {
  return !s.found_differences() && s.status() == Status::done && s.silent == 0 &&
         shortcomings(s).empty();
}

std::string uneventful_line(const Summary& s) {
  std::vector<std::string> parts{"nothing to do",
                                 fmt::format("source {} entries", s.source.entries)};
  if (s.proved.entries != 0) parts.push_back(exact("read and found the same", s.proved));
  if (s.again.entries != 0) parts.push_back(exact("to be read again", s.again));
  for (const Unkept& unkept : s.unkept)
    parts.push_back(fmt::format("{} not kept {}", to_string(unkept.aspect), unkept.entries));
  parts.push_back(fmt::format("{:.3f} s", to_seconds(s.elapsed)));
  return join(parts, "; ");
}

std::vector<std::string> summary_for_people(const Summary& s, bool with_index) {
  std::vector<std::string> lines;
  add_what_was_done(s, lines);
  add_what_is_known(s, lines);
  add_unkept(s, false, lines);
  if (with_index && !s.index.empty())
    lines.push_back(
        row("index", fmt::format("{}, {}", quote(s.index), human_bytes(s.index_bytes))));
  // With the root, which is told and counted where it is created.
  const Tally all = s.source + Tally{.entries = 1, .bytes = 0};
  std::string took =
      fmt::format("{}{} {}", human_duration(s.elapsed), is_cut_short(s) ? "; found" : " for",
                  counted(all, "entry", "entries"));
  if (s.bytes_read > 0) took += ", read " + with_rate(s.bytes_read, s.elapsed);
  if (s.bytes_written > 0) took += ", written " + with_rate(s.bytes_written, s.elapsed);
  lines.push_back(row(is_cut_short(s) ? "stopped after" : "took", took));
  return lines;
}

std::optional<std::string> name_line(const Summary& s) {
  if (s.dry_run || !s.changed_anything()) return std::nullopt;
  return row("as pass", s.name + ", which 'syncline undo DST' takes back");
}

std::string deletions_line(const Summary& s, bool keeps) {
  return fmt::format("deleted {} of DST{}", counted(s.removed, "entry", "entries"),
                     keeps ? ", which 'syncline undo DST " + s.name + "' takes back" : "");
}

std::vector<std::string> shortcomings(const Summary& s, bool keeps) {
  std::vector<std::string> lines;
  if (s.given_up)
    lines.push_back("ended early: " + one_line(refusal_words(*s.given_up)) +
                    "; what was done is whole, the next run does the rest");
  if (s.stopped)
    lines.emplace_back(
        std::string(s.time_is_up ? "stopped, since its time was up" : "stopped by a signal") +
        "; what was done is whole, the next run does the rest");
  if (s.deletions_held) lines.push_back(one_line(held_words(*s.deletions_held, keeps)));
  if (s.suspect != 0)
    lines.push_back(with_names(s, s.suspect, "left alone because of rot or doubt", is_suspect));
  if (s.failures != 0) lines.push_back(with_names(s, s.failures, "failed", is_error));
  add_unkept(s, true, lines);
  if (s.source_moved != 0) {
    lines.push_back(
        with_names(s, s.source_moved, "changed or vanished while being read", is_moved));
  }
  if (s.left != 0)
    lines.push_back(with_names(
        s, s.left, "left, since they are not as they were planned; a new plan does the rest",
        is_left));
  return lines;
}

}  // namespace syncline::cli
