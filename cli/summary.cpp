// SPDX-License-Identifier: MIT
#include "summary.h"

#include "escape.h"
#include "join.h"
#include "units.h"

#include <spdlog/fmt/fmt.h>

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

std::string rate(std::uint64_t bytes, std::chrono::nanoseconds elapsed) {
  return fmt::format("{:.1f} MB/s", per_second(bytes, elapsed) / 1e6);
}

std::uint64_t bytes_written(const Summary& summary) {
  return summary.dry_run ? 0 : summary.created.bytes + summary.updated.bytes;
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
  if (parts.empty()) parts.emplace_back("nothing to do");
  return fmt::format("{}{}", s.dry_run ? "Would be: " : "", join(parts, ", "));
}

}  // namespace

std::string summary_line(const Summary& s) {
  std::vector<std::string> parts{exact("created", s.created), exact("updated", s.updated),
                                 fmt::format("metadata set {}", s.metadata_set),
                                 exact("removed", s.removed), fmt::format("cleaned {}", s.cleaned)};
  parts.push_back(s.dry_run ? exact("to be compared", s.unproven)
                            : exact("proved equal", s.proved));
  parts.push_back(fmt::format("failed {}", s.failures));
  parts.push_back(fmt::format("moved while read {}", s.source_moved));
  return fmt::format(
      "{}; source {} entries ({} bytes), destination {} entries ({} bytes); read {} bytes ({}), "
      "written {} bytes ({}), hashed {} bytes; {:.3f} s, {:.0f} entries/s",
      join(parts, ", "), s.source.entries, s.source.bytes, s.destination.entries,
      s.destination.bytes, s.bytes_read, rate(s.bytes_read, s.elapsed), bytes_written(s),
      rate(bytes_written(s), s.elapsed), s.bytes_hashed, to_seconds(s.elapsed),
      per_second(s.source.entries, s.elapsed));
}

std::vector<std::string> summary_for_people(const Summary& s) {
  std::vector<std::string> lines;
  lines.push_back(what_was_done(s));
  if (s.proved.entries != 0) lines.push_back(human("files proved equal", s.proved));
  if (s.unproven.entries != 0) {
    lines.push_back(human("files of the same size would be read and compared", s.unproven));
  }
  lines.push_back(
      fmt::format("{} in {}: {} entries/s, read {}, written {}",
                  human("entries in the source", s.source), human_duration(s.elapsed),
                  grouped(static_cast<std::uint64_t>(per_second(s.source.entries, s.elapsed))),
                  rate(s.bytes_read, s.elapsed), rate(bytes_written(s), s.elapsed)));
  return lines;
}

std::vector<std::string> shortcomings(const Summary& s) {
  std::vector<std::string> lines;
  if (s.stopped)
    lines.emplace_back("stopped by a signal; what was done is whole, the next run does the rest");
  if (!s.deletions_held.empty()) lines.push_back(one_line(s.deletions_held));
  if (s.failures != 0) lines.push_back(entries(s.failures) + " failed");
  if (s.source_moved != 0) {
    lines.push_back(entries(s.source_moved) + " changed or vanished while being read");
  }
  return lines;
}

}  // namespace syncline::cli
