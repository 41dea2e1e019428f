// SPDX-License-Identifier: MIT
#include "plan/parse.h"

#include "plan/json_text.h"
#include "plan/lines.h"
#include "plan/vocabulary.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace syncline::planning {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(std::string_view what) {
  throw Malformed("'" + std::string{what} + "' is not what it should be");
}

// Objects in lists in objects: whatever holds more than a plan does is none.
void require_shallow(std::string_view line) {
  constexpr int most_levels = 8;
  int level = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_in_string) {
      if (c == '\\') ++i;
      is_in_string = c != '"';
      continue;
    }
    is_in_string = c == '"';
    if ((c == '{' || c == '[') && ++level > most_levels) throw Malformed("it is nested too deep");
    if (c == '}' || c == ']') --level;
  }
}

Json parse(std::string_view line) {
  require_shallow(line);
  Json parsed = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!parsed.is_object()) throw Malformed("it is no JSON object");
  return parsed;
}

const Json* find(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const Json& at(const Json& object, std::string_view name) {
  const Json* const found = find(object, name);
  if (found == nullptr) refuse(name);
  return *found;
}

const Json& object_at(const Json& object, std::string_view name) {
  const Json& value = at(object, name);
  if (!value.is_object()) refuse(name);
  return value;
}

const Json& list_at(const Json& object, std::string_view name) {
  const Json& value = at(object, name);
  if (!value.is_array()) refuse(name);
  return value;
}

template <typename Number>
Number number_of(const Json& value, std::string_view name) {
  if (!value.is_number_unsigned()) refuse(name);
  const auto number = value.get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) refuse(name);
  return static_cast<Number>(number);
}

template <typename Number = std::uint64_t>
Number number_at(const Json& object, std::string_view name) {
  return number_of<Number>(at(object, name), name);
}

template <typename Number>
std::optional<Number> number_if(const Json& object, std::string_view name) {
  const Json* const value = find(object, name);
  return value == nullptr ? std::nullopt : std::optional{number_of<Number>(*value, name)};
}

bool flag_at(const Json& object, std::string_view name) {
  const Json& value = at(object, name);
  if (!value.is_boolean()) refuse(name);
  return value.get<bool>();
}

const std::string& text_at(const Json& object, std::string_view name) {
  const Json& value = at(object, name);
  if (!value.is_string()) refuse(name);
  return value.get_ref<const std::string&>();
}

std::string bytes_at(const Json& object, std::string_view name) {
  const std::string& text = text_at(object, name);
  const std::string as_base64 = std::string{name} + "_base64";
  if (find(object, as_base64) == nullptr) return text;
  auto bytes = from_base64(text_at(object, as_base64));
  if (!bytes) refuse(as_base64);
  return std::move(*bytes);
}

std::string bytes_if(const Json& object, std::string_view name) {
  return find(object, name) == nullptr ? std::string{} : bytes_at(object, name);
}

Timestamp time_at(const Json& object, std::string_view name) {
  const Json& value = list_at(object, name);
  if (value.size() != 2 || !value[0].is_number_integer()) refuse(name);
  if (value[0].is_number_unsigned()) static_cast<void>(number_of<std::int64_t>(value[0], name));
  constexpr std::uint32_t ns_per_s = 1'000'000'000;
  const Timestamp time{.seconds = value[0].get<std::int64_t>(),
                       .nanoseconds = number_of<std::uint32_t>(value[1], name)};
  if (time.nanoseconds >= ns_per_s) refuse(name);
  return time;
}

template <std::size_t count>
std::size_t word_at(const Json& object, std::string_view name,
                    const std::array<std::string_view, count>& words) {
  const auto found = std::ranges::find(words, text_at(object, name));
  if (found == words.end()) refuse(name);
  return static_cast<std::size_t>(found - words.begin());
}

// One of those up to `last` that to_string() has that word for.
template <typename Enum>
Enum enum_of(const std::string& word, Enum last, std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
    if (word == to_string(static_cast<Enum>(i))) return static_cast<Enum>(i);
  refuse(name);
}

Kind kind_at(const Json& object, std::string_view name) {
  return enum_of(text_at(object, name), Kind::block_device, name);
}

template <typename Of, std::size_t count>
void take(const Json& object, const std::array<Flag<Of>, count>& flags, Of& of) {
  for (const Flag<Of>& flag : flags) of.*flag.member = flag_at(object, flag.name);
}

Tally tally_at(const Json& object, std::string_view name) {
  const Json& value = object_at(object, name);
  return {.entries = number_at(value, "entries"), .bytes = number_at(value, "bytes")};
}

FileId id_in(const Json& object) {
  return {.device = number_at(object, "device"), .inode = number_at(object, "inode")};
}

PlannedRoot root_at(const Json& object, std::string_view name) {
  const Json& value = object_at(object, name);
  PlannedRoot root{.path = bytes_at(value, "path"),
                   .id = {},
                   .lasting = bytes_if(value, "lasting"),
                   .volume = bytes_if(value, "volume")};
  if (find(value, "device") != nullptr) root.id = id_in(value);
  return root;
}

DeletionPolicy deletions_in(const Json& object) {
  switch (word_at(object, "deletions", names_of_deletions)) {
    case 0:
      return deletion::Guarded{};
    case 1:
      return deletion::Unlimited{};
    case 2:
      return deletion::None{};
    case 3:
      return deletion::AtMostEntries{number_at(object, "most")};
    default:
      break;
  }
  const Json& most = at(object, "most");
  if (!most.is_number()) refuse("most");
  return deletion::AtMostPercent{most.get<double>()};
}

FilterRule rule_of(const Json& value) {
  if (!value.is_object()) refuse("filters");
  FilterRule rule{.pattern = bytes_at(value, "pattern")};
  rule.sides = static_cast<FilterRule::Sides>(word_at(value, "sides", names_of_sides));
  take(value, flags_of_rule, rule);
  return rule;
}

ModeChange mode_change_of(const Json& value) {
  if (!value.is_object()) refuse("mode_changes");
  ModeChange change;
  take(value, flags_of_mode_change, change);
  change.keep = number_at<std::uint32_t>(value, "keep");
  change.add = number_at<std::uint32_t>(value, "add");
  change.search = number_at<std::uint32_t>(value, "search");
  change.copy_to = number_at<std::uint32_t>(value, "copy_to");
  change.copy_from = number_at<unsigned>(value, "copy_from");
  change.copy = static_cast<ModeChange::Copy>(word_at(value, "copy", names_of_copy));
  return change;
}

KeptMetadata metadata_in(const Json& object) {
  const Json& value = object_at(object, "metadata");
  KeptMetadata kept;
  take(value, flags_of_metadata, kept);
  kept.owner_instead = number_if<std::uint32_t>(value, "owner_instead");
  kept.group_instead = number_if<std::uint32_t>(value, "group_instead");
  for (const Json& change : list_at(value, "mode_changes"))
    kept.mode_changes.push_back(mode_change_of(change));
  kept.mtime_window_s = number_if<std::uint32_t>(value, "mtime_window");
  return kept;
}

TransferRules transfer_in(const Json& object) {
  const Json& value = object_at(object, "transfer");
  TransferRules rules;
  take(value, flags_of_transfer, rules);
  rules.max_bytes = number_if<std::uint64_t>(value, "max_bytes");
  rules.min_bytes = number_if<std::uint64_t>(value, "min_bytes");
  if (const auto ns = number_if<std::int64_t>(value, "min_age_ns"))
    rules.min_age = std::chrono::nanoseconds{*ns};
  return rules;
}

Options options_in(const Json& object) {
  const Json& value = object_at(object, "options");
  Options options;
  options.deletions = deletions_in(value);
  take(value, flags_of_options, options);
  options.reflink = static_cast<Reflink>(word_at(value, "reflink", names_of_reflink));
  options.transfer = transfer_in(value);
  options.metadata = metadata_in(value);
  if (find(value, "backup") != nullptr) {
    const Json& backup = object_at(value, "backup");
    options.backup =
        Backup{.folder = bytes_at(backup, "folder"), .suffix = bytes_at(backup, "suffix")};
  }
  for (const Json& rule : list_at(object, "filters")) options.filters.push_back(rule_of(rule));
  return options;
}

std::optional<Precondition> precondition_if(const Json& object, std::string_view name) {
  if (find(object, name) == nullptr) return std::nullopt;
  const Json& value = object_at(object, name);
  Precondition of{.kind = kind_at(value, "kind"), .id = id_in(value)};
  if (of.kind == Kind::folder) return of;
  of.size = number_at(value, "size");
  of.mtime = time_at(value, "mtime");
  if (find(value, "ctime") != nullptr) of.ctime = time_at(value, "ctime");
  of.links = number_if<std::uint32_t>(value, "links").value_or(1);
  return of;
}

// Its id, or the step that makes it.
std::optional<std::uint64_t> folder_at(const Json& object, std::string_view name, FileId& id) {
  const Json& value = object_at(object, name);
  if (auto step = number_if<std::uint64_t>(value, "step")) return step;
  id = id_in(value);
  return std::nullopt;
}

Difference difference_in(const Json& object) {
  Difference difference;
  for (const Json& name : list_at(object, "differs")) {
    const auto found = name.is_string() ? std::ranges::find(names_of_difference,
                                                            name.get_ref<const std::string&>())
                                        : names_of_difference.end();
    if (found == names_of_difference.end()) refuse("differs");
    difference.*flags_of_difference.at(
                    static_cast<std::size_t>(found - names_of_difference.begin())) = true;
  }
  return difference;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

Digest digest_at(const Json& object, std::string_view name) {
  const std::string& text = text_at(object, name);
  Digest digest;
  constexpr std::size_t digits = 2 * std::tuple_size_v<Md5>;
  if (text.size() < digits) refuse(name);
  for (std::size_t i = 0; i < digest.md5.size(); ++i) {
    const auto high = hex_digit(text[2 * i]);
    const auto low = hex_digit(text[2 * i + 1]);
    if (!high || !low) refuse(name);
    digest.md5.at(i) = static_cast<std::byte>(*high << 4U | *low);
  }
  if (text.size() == digits) return digest;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + digits + 1, end, digest.chunks);
  if (text[digits] != '-' || error != std::errc{} || stopped != end) refuse(name);
  return digest;
}

Properties properties_in(const Json& object) {
  return {.size = number_at(object, "size"),
          .mtime = time_at(object, "mtime"),
          .mode = number_at<std::uint32_t>(object, "mode"),
          .uid = number_at<std::uint32_t>(object, "uid"),
          .gid = number_at<std::uint32_t>(object, "gid")};
}

Action action_in(const Json& object) {
  Action action;
  const std::string& verb = text_at(object, "verb");
  action.verb = verb == prove_word ? Verb::check : enum_of(verb, Verb::keep, "verb");
  action.kind = kind_at(object, "kind");
  action.path = bytes_at(object, "path");
  action.reason.code = enum_of(text_at(object, "code"), ReasonCode::unknown, "code");
  action.bytes = number_at(object, "bytes");
  action.difference = difference_in(object);
  if (find(object, "replaced") != nullptr) action.replaced = kind_at(object, "replaced");
  action.target = bytes_if(object, "target");
  action.link_of = bytes_if(object, "link_of");
  action.moved_from = bytes_if(object, "moved_from");
  if (find(object, "digest") != nullptr) action.digest = digest_at(object, "digest");
  if (find(object, "mode") != nullptr) action.properties = properties_in(object);
  return action;
}

// Nothing of what a line says is passed over, for then it would not be written so.
void require_canonical(std::string_view line, const std::string& written) {
  if (line != written) throw Malformed("it says something else, or in another way");
}

}  // namespace

std::uint64_t schema_in(std::string_view header) {
  const Json object = parse(header);
  if (text_at(object, "type") != "plan") refuse("type");
  return number_at(object, "schema");
}

PlanHeader parse_header(std::string_view line) {
  const Json object = parse(line);
  PlanHeader header{.version = bytes_at(object, "version"),
                    .pass = bytes_at(object, "pass"),
                    .source = root_at(object, "source"),
                    .destination = root_at(object, "destination"),
                    .index = bytes_if(object, "index"),
                    .has_usual_index = flag_at(object, "usual_index"),
                    .last_pass = bytes_if(object, "last_pass"),
                    .was_read = flag_at(object, "read"),
                    .is_cut = flag_at(object, "cut"),
                    .options = options_in(object),
                    .listed = number_if<std::uint64_t>(object, "listed")};
  require_canonical(line, header_line(header));
  return header;
}

PlanStep parse_step(std::string_view line) {
  const Json object = parse(line);
  PlanStep step{
      .number = number_at(object, "step"), .action = action_in(object), .in = {}, .from = {}};
  Preconditions& given = step.action.given;
  step.in = folder_at(object, "in", given.folder);
  if (!step.action.moved_from.empty()) step.from = folder_at(object, "from", given.from_folder);
  given.source = precondition_if(object, "source");
  given.destination = precondition_if(object, "destination");
  given.exchanged = precondition_if(object, "exchanged");
  std::string written;
  append_step(written, step);
  require_canonical(line, written);
  return step;
}

PlanTotals parse_totals(std::string_view line) {
  const Json object = parse(line);
  PlanTotals totals{.source = tally_at(object, "source"),
                    .destination = tally_at(object, "destination"),
                    .created = tally_at(object, "created"),
                    .updated = tally_at(object, "updated"),
                    .moved = tally_at(object, "moved"),
                    .moved_folders = number_at(object, "moved_folders"),
                    .metadata_set = number_at(object, "metadata_set"),
                    .removed = tally_at(object, "removed"),
                    .cleaned = number_at(object, "cleaned"),
                    .to_prove = tally_at(object, "to_prove"),
                    .failures = number_at(object, "failures"),
                    .held = {}};
  if (find(object, "deletions_held") != nullptr)
    totals.held =
        enum_of(text_at(object, "deletions_held"), HeldCode::too_many_percent, "deletions_held");
  require_canonical(line, totals_line(totals));
  return totals;
}

std::uint64_t parse_end(std::string_view line, const md5::Sha256& of_all_before) {
  const Json object = parse(line);
  const auto steps = number_at(object, "steps");
  require_canonical(line, end_line(steps, of_all_before));
  return steps;
}

}  // namespace syncline::planning
