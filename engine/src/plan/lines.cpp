// SPDX-License-Identifier: MIT
#include "plan/lines.h"

#include "plan/json_text.h"
#include "plan/vocabulary.h"

#include <array>
#include <variant>

namespace syncline::planning {
namespace {

template <typename Of, std::size_t count>
void put(ObjectText& object, const std::array<Flag<Of>, count>& flags, const Of& of) {
  for (const Flag<Of>& flag : flags) object.flag(flag.name, of.*flag.member);
}

void put(ObjectText& object, std::string_view name, const Tally& tally) {
  ObjectText value{object.name(name)};
  value.number("entries", tally.entries);
  value.number("bytes", tally.bytes);
}

void put(ObjectText& object, const FileId& id) {
  object.number("device", id.device);
  object.number("inode", id.inode);
}

template <typename Number>
void put_if(ObjectText& object, std::string_view name, const std::optional<Number>& value) {
  if (value) object.number(name, static_cast<std::uint64_t>(*value));
}

void put(ObjectText& object, std::string_view name, const PlannedRoot& root) {
  ObjectText value{object.name(name)};
  value.bytes("path", root.path);
  if (root.id != FileId{}) put(value, root.id);
  if (!root.lasting.empty()) value.bytes("lasting", root.lasting);
  if (!root.volume.empty()) value.bytes("volume", root.volume);
}

template <typename Values, typename Put>
void put_list(ObjectText& object, std::string_view name, const Values& values, Put put_one) {
  std::string& out = object.name(name);
  out += '[';
  bool is_first = true;
  for (const auto& value : values) {
    if (!is_first) out += ',';
    is_first = false;
    put_one(out, value);
  }
  out += ']';
}

void put_deletions(ObjectText& object, const DeletionPolicy& policy) {
  object.word("deletions", names_of_deletions.at(policy.index()));
  if (const auto* most = std::get_if<deletion::AtMostEntries>(&policy))
    object.number("most", most->entries);
  if (const auto* most = std::get_if<deletion::AtMostPercent>(&policy))
    object.fraction("most", most->percent);
}

void append_rule(std::string& out, const FilterRule& rule) {
  ObjectText object{out};
  object.bytes("pattern", rule.pattern);
  object.word("sides", names_of_sides.at(static_cast<std::size_t>(rule.sides)));
  put(object, flags_of_rule, rule);
}

void append_mode_change(std::string& out, const ModeChange& change) {
  ObjectText object{out};
  put(object, flags_of_mode_change, change);
  object.number("keep", change.keep);
  object.number("add", change.add);
  object.number("search", change.search);
  object.number("copy_to", change.copy_to);
  object.number("copy_from", change.copy_from);
  object.word("copy", names_of_copy.at(static_cast<std::size_t>(change.copy)));
}

void put_metadata(ObjectText& object, const KeptMetadata& kept) {
  ObjectText value{object.name("metadata")};
  put(value, flags_of_metadata, kept);
  put_if(value, "owner_instead", kept.owner_instead);
  put_if(value, "group_instead", kept.group_instead);
  put_list(value, "mode_changes", kept.mode_changes, append_mode_change);
  put_if(value, "mtime_window", kept.mtime_window_s);
}

void put_transfer(ObjectText& object, const TransferRules& rules) {
  ObjectText value{object.name("transfer")};
  put(value, flags_of_transfer, rules);
  put_if(value, "max_bytes", rules.max_bytes);
  put_if(value, "min_bytes", rules.min_bytes);
  if (rules.min_age) value.number("min_age_ns", static_cast<std::uint64_t>(rules.min_age->count()));
}

void put_backup(ObjectText& object, const Backup& backup) {
  ObjectText value{object.name("backup")};
  value.bytes("folder", backup.folder);
  value.bytes("suffix", backup.suffix);
}

void put_undo(ObjectText& object, const Undo& undo) {
  ObjectText value{object.name("undo")};
  value.number("keep_for_s", static_cast<std::uint64_t>(undo.keep_for.count()));
  put_if(value, "most_passes", undo.most_passes);
  if (const auto* most = std::get_if<std::uint64_t>(&undo.most_bytes))
    value.number("most_bytes", *most);
  if (const auto* most = std::get_if<Undo::PercentOfDisk>(&undo.most_bytes))
    value.fraction("most_percent", most->percent);
  if (!undo.folder.empty()) value.bytes("folder", undo.folder);
}

void put(ObjectText& object, const Options& options) {
  ObjectText value{object.name("options")};
  put_deletions(value, options.deletions);
  put(value, flags_of_options, options);
  value.word("reflink", names_of_reflink.at(static_cast<std::size_t>(options.reflink)));
  put_transfer(value, options.transfer);
  put_metadata(value, options.metadata);
  if (options.backup) put_backup(value, *options.backup);
  if (options.undo) put_undo(value, *options.undo);
}

void put(ObjectText& object, std::string_view name, const std::optional<Precondition>& of) {
  if (!of) return;
  ObjectText value{object.name(name)};
  value.word("kind", to_string(of->kind));
  put(value, of->id);
  if (of->kind == Kind::folder) return;
  value.number("size", of->size);
  value.time("mtime", of->mtime);
  if (of->ctime) value.time("ctime", *of->ctime);
  if (of->links != 1) value.number("links", of->links);
}

void put_folder(ObjectText& object, std::string_view name, const FileId& id,
                const std::optional<std::uint64_t>& made_by) {
  ObjectText value{object.name(name)};
  if (made_by)
    value.number("step", *made_by);
  else
    put(value, id);
}

void put(ObjectText& object, const Difference& difference) {
  std::string& out = object.name("differs");
  out += '[';
  bool is_first = true;
  for (std::size_t i = 0; i < flags_of_difference.size(); ++i) {
    if (!(difference.*flags_of_difference.at(i))) continue;
    ((out += is_first ? "\"" : ",\"") += names_of_difference.at(i)) += '"';
    is_first = false;
  }
  out += ']';
}

void put(ObjectText& object, const Action& action) {
  object.word("verb", action.verb == Verb::check ? prove_word : to_string(action.verb));
  object.word("kind", to_string(action.kind));
  object.bytes("path", action.path.whole());
  object.word("code", to_string(action.reason.code));
  object.number("bytes", action.bytes);
  put(object, action.difference);
  if (action.replaced) object.word("replaced", to_string(*action.replaced));
  if (!action.target.empty()) object.bytes("target", action.target);
  if (!action.link_of.empty()) object.bytes("link_of", action.link_of.whole());
  if (!action.moved_from.empty()) object.bytes("moved_from", action.moved_from.whole());
  if (action.digest) object.word("digest", to_string(*action.digest));
  if (!action.properties) return;
  object.number("size", action.properties->size);
  object.time("mtime", action.properties->mtime);
  object.number("mode", action.properties->mode);
  object.number("uid", action.properties->uid);
  object.number("gid", action.properties->gid);
}

}  // namespace

std::string beginning_of_step(std::uint64_t number) {
  std::string text = R"({"type":"step","step":)";
  append_number(text, number);
  return text += ',';
}

std::string header_line(const PlanHeader& header) {
  std::string line;
  {
    ObjectText object{line};
    object.word("type", "plan");
    object.number("schema", schema);
    object.bytes("version", header.version);
    object.bytes("pass", header.pass);
    put(object, "source", header.source);
    put(object, "destination", header.destination);
    if (!header.index.empty()) object.bytes("index", header.index);
    object.flag("usual_index", header.has_usual_index);
    if (!header.last_pass.empty()) object.bytes("last_pass", header.last_pass);
    object.flag("read", header.was_read);
    object.flag("cut", header.is_cut);
    put(object, header.options);
    put_list(object, "filters", header.options.filters, append_rule);
    put_if(object, "listed", header.listed);
  }
  return line;
}

void append_step(std::string& out, const PlanStep& step) {
  const Preconditions& given = step.action.given;
  ObjectText object{out};
  object.word("type", "step");
  object.number("step", step.number);
  put(object, step.action);
  put_folder(object, "in", given.folder, step.in);
  if (!step.action.moved_from.empty()) put_folder(object, "from", given.from_folder, step.from);
  put(object, "source", given.source);
  put(object, "destination", given.destination);
  put(object, "exchanged", given.exchanged);
}

std::string totals_line(const PlanTotals& totals) {
  std::string line;
  {
    ObjectText object{line};
    object.word("type", "totals");
    put(object, "source", totals.source);
    put(object, "destination", totals.destination);
    put(object, "created", totals.created);
    put(object, "updated", totals.updated);
    put(object, "moved", totals.moved);
    object.number("moved_folders", totals.moved_folders);
    object.number("metadata_set", totals.metadata_set);
    put(object, "removed", totals.removed);
    object.number("cleaned", totals.cleaned);
    put(object, "to_prove", totals.to_prove);
    object.number("failures", totals.failures);
    if (totals.held) object.word("deletions_held", to_string(*totals.held));
  }
  return line;
}

std::string hex(const md5::Sha256& sum) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : sum) {
    const auto value = std::to_integer<unsigned>(byte);
    text += {digits[value >> 4U], digits[value & 0xfU]};
  }
  return text;
}

std::string end_line(std::uint64_t steps, const md5::Sha256& of_all_before) {
  std::string line;
  {
    ObjectText object{line};
    object.word("type", "end");
    object.number("steps", steps);
    object.word("sha256", hex(of_all_before));
  }
  return line;
}

}  // namespace syncline::planning
