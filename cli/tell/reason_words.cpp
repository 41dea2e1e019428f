// SPDX-License-Identifier: MIT
#include "tell/reason_words.h"

#include "text/join.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

namespace syncline::cli {
namespace {

template <typename Facts>
Facts facts_of(const Reason& reason) {
  const auto* const facts = std::get_if<Facts>(&reason.facts);
  return facts != nullptr ? *facts : Facts{};
}

/// "mode 644→755, mtime".
std::string metadata_words(const Reason& reason) {
  const auto change = facts_of<reason::Metadata>(reason);
  std::vector<std::string> parts;
  if (change.mode)
    parts.push_back(fmt::format("mode {:03o}→{:03o}", change.before.mode, change.after.mode));
  if (change.owner)
    parts.push_back(fmt::format("owner {}→{}", change.before.uid, change.after.uid));
  if (change.group)
    parts.push_back(fmt::format("group {}→{}", change.before.gid, change.after.gid));
  if (change.mtime) parts.emplace_back("mtime");
  if (change.attributes) parts.emplace_back("attributes");
  if (change.acl) parts.emplace_back("ACL");
  if (change.capabilities) parts.emplace_back("capabilities");
  return join(parts, ", ");
}

std::string unreadable_words(const char* what, const Reason& reason) {
  return fmt::format(
      "the destination's {} cannot be read: {}", what,
      std::generic_category().message(facts_of<reason::Unreadable>(reason).error_number));
}

std::string moved_words(const Reason& reason) {
  const auto moved = facts_of<reason::Moved>(reason);
  std::vector<std::string> parts;
  if (moved.source != reason::Stamp::none)
    parts.push_back(fmt::format("{} changed", to_string(moved.source)));
  if (moved.destination != reason::Stamp::none)
    parts.push_back(fmt::format("destination's {} changed", to_string(moved.destination)));
  return join(parts, ", ");
}

std::string size_words(const Reason& reason) {
  const auto sizes = facts_of<reason::Sizes>(reason);
  return fmt::format("size {}→{}", sizes.before, sizes.after);
}

std::string name_in(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Without what an interrupted copy held.
std::string words_on(const Action& action) {
  switch (action.reason.code) {
    case ReasonCode::hard_link:
      return fmt::format("hard link of '{}'", std::string_view{action.link_of});
    case ReasonCode::moved:
      return fmt::format("was '{}'", std::string_view{action.moved_from});
    case ReasonCode::moved_by_content:
      return fmt::format("was '{}', found by its content", std::string_view{action.moved_from});
    case ReasonCode::exchanged:
      return fmt::format("changed places with '{}'", std::string_view{action.moved_from});
    case ReasonCode::respelled:
      return fmt::format("name {}→{}", name_in(action.moved_from), name_in(action.path));
    case ReasonCode::other_kind:
      if (action.kind == Kind::folder) return "was not a folder";
      break;
    default:
      break;
  }
  return reason_words(action.reason);
}

}  // namespace

std::string reason_words(const Action& action) {
  const std::uint64_t resumed = action.reason.resumed_bytes;
  if (resumed == 0 || action.bytes == 0) return words_on(action);
  return fmt::format("{}, resumed at {} %", words_on(action), resumed * 100 / action.bytes);
}

std::string reason_words(const Reason& reason) {
  switch (reason.code) {
    case ReasonCode::is_new:
      return "new";
    case ReasonCode::not_in_source:
      return "not in source";
    case ReasonCode::taken_back:
      return "taken back";
    case ReasonCode::not_in_source_backed_up:
      return "not in source; kept among the backups";
    case ReasonCode::size:
      return size_words(reason);
    case ReasonCode::content:
      return "other content";
    case ReasonCode::silent_source:
      return "other content, although the source's size and mtime did not change";
    case ReasonCode::silent_destination:
      return "the destination's content changed, although its size and mtime did not";
    case ReasonCode::rotten_destination:
      return "the destination's bytes changed, but not its inode, size, mtime or ctime";
    case ReasonCode::doubtful:
      return "other content of the same size and mtime; which side changed is not known";
    case ReasonCode::file_unreadable:
      return unreadable_words("file", reason);
    case ReasonCode::attributes_unreadable:
      return unreadable_words("extended attributes", reason);
    case ReasonCode::symlink_unreadable:
      return "the destination's symlink cannot be read";
    case ReasonCode::target:
      return "other target";
    case ReasonCode::device:
      return "other device";
    case ReasonCode::metadata:
      return metadata_words(reason);
    case ReasonCode::metadata_linked_elsewhere:
      return metadata_words(reason) + "; replaced by a new file, since it has names elsewhere";
    case ReasonCode::metadata_handed_over:
      return metadata_words(reason) +
             "; replaced by a new file, since somebody may have the old one open";
    case ReasonCode::other_kind:
      return fmt::format("was a {}", to_string(facts_of<Kind>(reason)));
    case ReasonCode::linked_to_another:
      return "is linked to another file";
    case ReasonCode::hard_link:
      return "hard link";
    case ReasonCode::moved:
    case ReasonCode::moved_by_content:
    case ReasonCode::exchanged:
      return "moved";
    case ReasonCode::respelled:
      return "respelled";
    case ReasonCode::interrupted:
      return "left behind by an interrupted run";
    case ReasonCode::same:
      return "the same";
    case ReasonCode::source_moved:
    case ReasonCode::destination_moved:
    case ReasonCode::both_moved:
      return moved_words(reason);
    case ReasonCode::unsure:
      return "changed too recently to be sure";
    case ReasonCode::found_rotten:
      return "was found rotten";
    case ReasonCode::asked:
      return "asked for";
    case ReasonCode::unknown:
      return "not known";
  }
  return to_string(reason.code);
}

}  // namespace syncline::cli
