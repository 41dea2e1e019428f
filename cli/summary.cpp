// SPDX-License-Identifier: MIT
#include "summary.h"

#include "escape.h"
#include "join.h"
#include "units.h"

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

/// "1 file (4 B)", "3 files (24.3 MB)"
std::string files(const Tally& tally) {
  return human(tally.entries == 1 ? "file" : "files", tally);
}

std::string rate(std::uint64_t bytes, std::chrono::nanoseconds elapsed) {
  return fmt::format("{:.1f} MB/s", per_second(bytes, elapsed) / 1e6);
}

std::string what_was_done(const Summary& s) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view what, const Tally& tally) {
    if (tally.entries != 0) parts.push_back(human(what, tally));
  };
  add("created", s.created);
  add("updated", s.updated);
  add("set to other metadata", {s.metadata_set, 0});
  add("removed", s.removed);
  add("left-over temporaries removed", {s.cleaned, 0});
  if (parts.empty())
    parts.emplace_back(s.to_compare.entries == 0 ? "nothing to do" : "nothing that is certain yet");
  return fmt::format("{}{}", s.dry_run ? "Would be: " : "", join(parts, ", "));
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

/// "3 not known before, 2 whose ctime alone moved": why files were read to be proved.
std::string why_read(const Summary& s) {
  std::vector<std::string> parts;
  const auto add = [&](const Tally& tally, std::string_view what) {
    if (tally.entries != 0) parts.push_back(fmt::format("{} {}", grouped(tally.entries), what));
  };
  const ReadReasons& why = s.read_because;
  add(why.unknown, "not known before");
  if (s.ctime_moved != 0) add({s.ctime_moved, 0}, "whose ctime alone moved in the source");
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
  const auto add = [&](const Tally& tally, std::string_view what) {
    if (tally.entries != 0) lines.push_back(fmt::format("{} {}", files(tally), what));
  };
  if (s.standing.entries != 0) {
    lines.push_back(fmt::format("{} not read again, neither side having moved; oldest proof {} ago",
                                files(s.standing), human_duration(age_of_oldest_proof(s))));
  }
  if (const std::string why = why_read(s); !why.empty() && !s.dry_run)
    lines.push_back("compared: " + why);
  add(s.proved, "proved equal");
  add(s.to_compare, "of the same size not proved: would be read and compared");
  add(s.unproven, "taken for the same unread, unproven");
  add({s.silent, 0}, "had other content, though size and mtime did not tell");
  add(s.again, "too recently changed to be proved: to be read again next time");
}

}  // namespace

std::string summary_line(const Summary& s) {
  std::vector<std::string> parts{exact("created", s.created), exact("updated", s.updated),
                                 fmt::format("metadata set {}", s.metadata_set),
                                 exact("removed", s.removed), fmt::format("cleaned {}", s.cleaned)};
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
  for (const Unkept& unkept : s.unkept)
    parts.push_back(fmt::format("{} not kept {}", to_string(unkept.aspect), unkept.entries));
  if (s.suspect != 0) parts.push_back(fmt::format("suspect {}", s.suspect));
  parts.push_back(fmt::format("failed {}", s.failures));
  parts.push_back(fmt::format("moved while read {}", s.source_moved));
  return fmt::format(
      "{}; source {} entries ({} bytes), destination {} entries ({} bytes); read {} bytes ({}), "
      "written {} bytes ({}), hashed {} bytes{}; {:.3f} s, {:.0f} entries/s",
      join(parts, ", "), s.source.entries, s.source.bytes, s.destination.entries,
      s.destination.bytes, s.bytes_read, rate(s.bytes_read, s.elapsed), s.bytes_written,
      rate(s.bytes_written, s.elapsed), s.bytes_hashed, index_words(s), to_seconds(s.elapsed),
      per_second(s.source.entries, s.elapsed));
}

std::vector<std::string> summary_for_people(const Summary& s) {
  std::vector<std::string> lines;
  lines.push_back(what_was_done(s));
  add_what_is_known(s, lines);
  add_unkept(s, false, lines);
  if (!s.index.empty())
    lines.push_back(fmt::format("index {}, {}", quote(s.index), human_bytes(s.index_bytes)));
  lines.push_back(
      fmt::format("{} in {}: {} entries/s, read {}, written {}",
                  human("entries in the source", s.source), human_duration(s.elapsed),
                  grouped(static_cast<std::uint64_t>(per_second(s.source.entries, s.elapsed))),
                  rate(s.bytes_read, s.elapsed), rate(s.bytes_written, s.elapsed)));
  return lines;
}

std::vector<std::string> shortcomings(const Summary& s) {
  std::vector<std::string> lines;
  if (s.stopped)
    lines.emplace_back(
        std::string(s.time_is_up ? "stopped, its time being up" : "stopped by a signal") +
        "; what was done is whole, the next run does the rest");
  if (!s.deletions_held.empty()) lines.push_back(one_line(s.deletions_held));
  if (s.suspect != 0) lines.push_back(entries(s.suspect) + " left alone for rot or doubt");
  if (s.failures != 0) lines.push_back(entries(s.failures) + " failed");
  add_unkept(s, true, lines);
  if (s.source_moved != 0) {
    lines.push_back(entries(s.source_moved) + " changed or vanished while being read");
  }
  return lines;
}

}  // namespace syncline::cli
