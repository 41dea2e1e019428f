// SPDX-License-Identifier: MIT
#include "tell/itemize.h"

#include <algorithm>

namespace syncline::cli {
namespace {

char letter_of(const Action& action) {
  if (!action.link_of.empty()) return 'h';
  if (action.verb == Verb::move) return 'm';
  if (changes_metadata_alone(action) || action.verb == Verb::keep) return '.';
  return action.kind == Kind::file ? '>' : 'c';
}

char letter_of(Kind kind) {
  switch (kind) {
    case Kind::folder:
      return 'd';
    case Kind::file:
      return 'f';
    case Kind::symlink:
      return 'L';
    case Kind::fifo:
    case Kind::socket:
      return 'S';
    case Kind::character_device:
    case Kind::block_device:
      return 'D';
  }
  return '?';
}

bool is_unseen(const Action& action) {
  const Difference& is = action.difference;
  return is.content && (action.kind != Kind::file || (!is.size && !is.mtime));
}

}  // namespace

// What a dry run did not read, and has another time, most likely has other bytes.
bool changes_metadata_alone(const Action& action) {
  const Difference& what = action.difference;
  const bool is_other = what.mode || what.owner || what.group || what.acl || what.attributes;
  const bool may_be_other = action.kind == Kind::file && what.mtime && !action.digest;
  return action.verb == Verb::set_metadata ||
         (action.verb == Verb::update && is_other && !what.content && !what.size && !may_be_other);
}

std::string itemized(const Action& action) {
  if (action.verb == Verb::remove || action.verb == Verb::clean) return "*deleting  ";
  const std::string head{letter_of(action), letter_of(action.kind)};
  const bool has_new_name =
      action.verb == Verb::create || action.verb == Verb::replace || action.verb == Verb::move;
  if (has_new_name) return head + "+++++++++";
  const Difference& is = action.difference;
  const auto part = [](bool differs, char letter) { return differs ? letter : '.'; };
  std::string parts{part(is_unseen(action), 'c'),
                    part(is.size, 's'),
                    part(is.mtime, 't'),
                    part(is.mode, 'p'),
                    part(is.owner, 'o'),
                    part(is.group, 'g'),
                    '.',
                    part(is.acl, 'a'),
                    part(is.attributes, 'x')};
  const bool is_local = head[0] != '>';
  if (is_local && parts.find_first_not_of('.') == std::string::npos) std::ranges::fill(parts, ' ');
  return head + parts;
}

}  // namespace syncline::cli
