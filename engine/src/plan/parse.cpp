// SPDX-License-Identifier: MIT
#include "plan/parse.h"

#include "plan/json_reading.h"
#include "plan/lines.h"
#include "plan/vocabulary.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace syncline::planning {
namespace {

// One of those up to `last` that to_string() has that word for.
template <typename Enum>
Enum enum_of(std::string_view word, Enum last, std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
    if (word == to_string(static_cast<Enum>(i))) return static_cast<Enum>(i);
  refuse(name);
}

Kind kind_in(ObjectReading& object) {
  return enum_of(object.word("kind"), Kind::block_device, "kind");
}

template <typename Of, std::size_t count>
void take(ObjectReading& object, const std::array<Flag<Of>, count>& flags, Of& of) {
  for (const Flag<Of>& flag : flags) of.*flag.member = object.flag(flag.name);
}

Tally tally_in(ObjectReading& object) {
  const std::uint64_t entries = object.number("entries");
  return {.entries = entries, .bytes = object.number("bytes")};
}

FileId id_in(ObjectReading& object) {
  const std::uint64_t device = object.number("device");
  return {.device = device, .inode = object.number("inode")};
}

PlannedRoot root_in(ObjectReading& object) {
  PlannedRoot root;
  root.path = object.bytes("path");
  if (object.is_next("device")) root.id = id_in(object);
  root.lasting = object.bytes_if("lasting");
  root.volume = object.bytes_if("volume");
  return root;
}

std::int64_t as_count(std::uint64_t number, std::string_view name) {
  if (number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) refuse(name);
  return static_cast<std::int64_t>(number);
}

double percent_in(ObjectReading& object, std::string_view name) {
  double percent = 0;
  if (!object.name(name).take_number(percent)) refuse(name);
  return percent;
}

DeletionPolicy deletions_in(ObjectReading& object) {
  switch (object.word_of("deletions", names_of_deletions)) {
    case 0:
      return deletion::Guarded{};
    case 1:
      return deletion::Unlimited{};
    case 2:
      return deletion::None{};
    case 3:
      return deletion::AtMostEntries{object.number("most")};
    default:
      return deletion::AtMostPercent{percent_in(object, "most")};
  }
}

FilterRule rule_in(ObjectReading& object) {
  FilterRule rule{.pattern = object.bytes("pattern")};
  rule.sides = static_cast<FilterRule::Sides>(object.word_of("sides", names_of_sides));
  take(object, flags_of_rule, rule);
  return rule;
}

ModeChange mode_change_in(ObjectReading& object) {
  ModeChange change;
  take(object, flags_of_mode_change, change);
  change.keep = object.number<std::uint32_t>("keep");
  change.add = object.number<std::uint32_t>("add");
  change.search = object.number<std::uint32_t>("search");
  change.copy_to = object.number<std::uint32_t>("copy_to");
  change.copy_from = object.number<unsigned>("copy_from");
  change.copy = static_cast<ModeChange::Copy>(object.word_of("copy", names_of_copy));
  return change;
}

KeptMetadata metadata_in(ObjectReading& object) {
  KeptMetadata kept;
  take(object, flags_of_metadata, kept);
  kept.owner_instead = object.number_if<std::uint32_t>("owner_instead");
  kept.group_instead = object.number_if<std::uint32_t>("group_instead");
  object.list("mode_changes", [&](TextReading& text) {
    kept.mode_changes.push_back(ObjectReading::value_of_object(text, mode_change_in));
  });
  kept.mtime_window_s = object.number_if<std::uint32_t>("mtime_window");
  return kept;
}

TransferRules transfer_in(ObjectReading& object) {
  TransferRules rules;
  take(object, flags_of_transfer, rules);
  rules.max_bytes = object.number_if<std::uint64_t>("max_bytes");
  rules.min_bytes = object.number_if<std::uint64_t>("min_bytes");
  if (const auto ns = object.number_if<std::uint64_t>("min_age_ns"))
    rules.min_age = std::chrono::nanoseconds{as_count(*ns, "min_age_ns")};
  return rules;
}

Backup backup_in(ObjectReading& object) {
  std::string folder = object.bytes("folder");
  return {.folder = std::move(folder), .suffix = object.bytes("suffix")};
}

Undo undo_in(ObjectReading& object) {
  Undo undo;
  undo.keep_for = std::chrono::seconds{as_count(object.number("keep_for_s"), "keep_for_s")};
  undo.most_passes = object.number_if<std::uint64_t>("most_passes");
  if (const auto most = object.number_if<std::uint64_t>("most_bytes"))
    undo.most_bytes = *most;
  else if (object.is_next("most_percent"))
    undo.most_bytes = Undo::PercentOfDisk{percent_in(object, "most_percent")};
  undo.folder = object.bytes_if("folder");
  return undo;
}

Options options_in(ObjectReading& object) {
  Options options;
  options.deletions = deletions_in(object);
  take(object, flags_of_options, options);
  options.reflink = static_cast<Reflink>(object.word_of("reflink", names_of_reflink));
  options.transfer = object.object("transfer", transfer_in);
  options.metadata = object.object("metadata", metadata_in);
  options.backup = object.object_if("backup", backup_in);
  options.undo = object.object_if("undo", undo_in);
  return options;
}

// Written only where there are several.
std::uint32_t links_in(ObjectReading& object) {
  const auto links = object.number_if<std::uint32_t>("links");
  if (links == 1U) refuse("links");
  return links.value_or(1);
}

Precondition precondition_in(ObjectReading& object) {
  Precondition of{.kind = kind_in(object), .id = id_in(object)};
  if (of.kind == Kind::folder) return of;
  of.size = object.number("size");
  of.mtime = object.time("mtime");
  of.ctime = object.time_if("ctime");
  of.links = links_in(object);
  return of;
}

/// What a step takes place in.
struct PlannedFolder {
  FileId id{};
  std::optional<std::uint64_t> made_by{};
};

PlannedFolder folder_in(ObjectReading& object) {
  if (object.is_next("step")) return {.made_by = object.number("step")};
  return {.id = id_in(object)};
}

Difference difference_in(ObjectReading& object) {
  Difference difference;
  std::size_t next = 0;
  object.list("differs", [&](TextReading& text) {
    const std::string_view name = ObjectReading::value_of_word(text);
    while (next < names_of_difference.size() && names_of_difference.at(next) != name) ++next;
    if (next == names_of_difference.size()) refuse("differs");
    difference.*flags_of_difference.at(next++) = true;
  });
  return difference;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

Digest digest_of(std::string_view text) {
  Digest digest;
  constexpr std::size_t digits = 2 * std::tuple_size_v<Md5>;
  if (text.size() < digits) refuse("digest");
  for (std::size_t i = 0; i < digest.md5.size(); ++i) {
    const auto high = hex_digit(text[2 * i]);
    const auto low = hex_digit(text[2 * i + 1]);
    if (!high || !low) refuse("digest");
    digest.md5.at(i) = static_cast<std::byte>(*high << 4U | *low);
  }
  if (text.size() > digits + 1)
    std::from_chars(text.data() + digits + 1, text.data() + text.size(), digest.chunks);
  if (to_string(digest) != text) refuse("digest");
  return digest;
}

Properties properties_in(ObjectReading& object) {
  Properties properties;
  properties.size = object.number("size");
  properties.mtime = object.time("mtime");
  properties.mode = object.number<std::uint32_t>("mode");
  properties.uid = object.number<std::uint32_t>("uid");
  properties.gid = object.number<std::uint32_t>("gid");
  return properties;
}

// A plan proves where a pass checks.
Verb verb_in(ObjectReading& object) {
  const std::string_view word = object.word("verb");
  if (word == prove_word) return Verb::check;
  const Verb verb = enum_of(word, Verb::keep, "verb");
  if (verb == Verb::check) refuse("verb");
  return verb;
}

Action action_in(ObjectReading& object) {
  Action action;
  action.verb = verb_in(object);
  action.kind = kind_in(object);
  action.path = object.bytes("path");
  action.reason.code = enum_of(object.word("code"), ReasonCode::unknown, "code");
  action.bytes = object.number("bytes");
  action.difference = difference_in(object);
  if (const auto replaced = object.word_if("replaced"))
    action.replaced = enum_of(*replaced, Kind::block_device, "replaced");
  action.target = object.bytes_if("target");
  action.link_of = object.bytes_if("link_of");
  action.moved_from = object.bytes_if("moved_from");
  if (const auto digest = object.word_if("digest")) action.digest = digest_of(*digest);
  if (object.is_next("size")) action.properties = properties_in(object);
  return action;
}

// What `read` makes of the object that the line is.
template <typename Read>
auto value_of_line(std::string_view line, Read read) {
  TextReading text{line};
  auto value = ObjectReading::value_of_object(text, read);
  if (!text.is_over()) throw Malformed("something follows it");
  return value;
}

// What is there may be what it is without: only one way to say it counts.
void require_canonical(std::string_view line, const std::string& written) {
  if (line != written) throw Malformed("it says something else, or in another way");
}

PlanHeader header_in(ObjectReading& object) {
  PlanHeader header;
  if (object.word("type") != "plan") refuse("type");
  if (object.number("schema") != schema) refuse("schema");
  header.version = object.bytes("version");
  header.pass = object.bytes("pass");
  header.source = object.object("source", root_in);
  header.destination = object.object("destination", root_in);
  header.index = object.bytes_if("index");
  header.has_usual_index = object.flag("usual_index");
  header.last_pass = object.bytes_if("last_pass");
  header.was_read = object.flag("read");
  header.is_cut = object.flag("cut");
  header.options = object.object("options", options_in);
  object.list("filters", [&](TextReading& text) {
    header.options.filters.push_back(ObjectReading::value_of_object(text, rule_in));
  });
  header.listed = object.number_if<std::uint64_t>("listed");
  return header;
}

PlanStep step_in(ObjectReading& object) {
  PlanStep step;
  if (object.word("type") != "step") refuse("type");
  step.number = object.number("step");
  step.action = action_in(object);
  Preconditions& given = step.action.given;
  const PlannedFolder in = object.object("in", folder_in);
  given.folder = in.id;
  step.in = in.made_by;
  if (!step.action.moved_from.empty()) {
    const PlannedFolder from = object.object("from", folder_in);
    given.from_folder = from.id;
    step.from = from.made_by;
  }
  given.source = object.object_if("source", precondition_in);
  given.destination = object.object_if("destination", precondition_in);
  given.exchanged = object.object_if("exchanged", precondition_in);
  return step;
}

PlanTotals totals_in(ObjectReading& object) {
  PlanTotals totals;
  if (object.word("type") != "totals") refuse("type");
  totals.source = object.object("source", tally_in);
  totals.destination = object.object("destination", tally_in);
  totals.created = object.object("created", tally_in);
  totals.updated = object.object("updated", tally_in);
  totals.moved = object.object("moved", tally_in);
  totals.moved_folders = object.number("moved_folders");
  totals.metadata_set = object.number("metadata_set");
  totals.removed = object.object("removed", tally_in);
  totals.cleaned = object.number("cleaned");
  totals.to_prove = object.object("to_prove", tally_in);
  totals.failures = object.number("failures");
  if (const auto held = object.word_if("deletions_held"))
    totals.held = enum_of(*held, HeldCode::too_many_percent, "deletions_held");
  return totals;
}

}  // namespace

std::uint64_t schema_in(std::string_view header) {
  TextReading text{header};
  ObjectReading object{text};
  if (object.word("type") != "plan") refuse("type");
  return object.number("schema");
}

PlanHeader parse_header(std::string_view line) {
  PlanHeader header = value_of_line(line, header_in);
  require_canonical(line, header_line(header));
  return header;
}

PlanStep parse_step(std::string_view line) {
  return value_of_line(line, step_in);
}

PlanTotals parse_totals(std::string_view line) {
  return value_of_line(line, totals_in);
}

std::uint64_t parse_end(std::string_view line, const md5::Sha256& of_all_before) {
  const auto steps = value_of_line(line, [](ObjectReading& object) {
    if (object.word("type") != "end") refuse("type");
    const std::uint64_t number = object.number("steps");
    object.word("sha256");
    return number;
  });
  require_canonical(line, end_line(steps, of_all_before));
  return steps;
}

}  // namespace syncline::planning
