// SPDX-License-Identifier: MIT
#include "support/tree.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

Entry entry(Kind kind, std::string path, std::uint32_t mode_bits) {
  Entry made;
  made.kind = kind;
  made.path = std::move(path);
  made.mode_bits = mode_bits;
  made.user = ::geteuid();
  made.group = ::getegid();
  return made;
}

std::string octal(std::uint32_t bits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", bits);
  return text.data();
}

std::string described(const Entry& entry) {
  std::ostringstream out;
  out << to_string(entry.kind) << ' ' << octal(entry.mode_bits) << ' ' << entry.user << ':'
      << entry.group << " mtime " << entry.modified.seconds << '.' << entry.modified.nanoseconds;
  if (entry.kind == Kind::file) out << ", " << entry.content.size() << " bytes";
  if (entry.kind == Kind::symlink) out << " -> " << printable(entry.content);
  for (const auto& [name, value] : entry.attributes) {
    out << ", " << printable(name) << "=\"" << printable(value) << '"';
  }
  if (!entry.linked_to.empty()) out << ", linked to " << printable(entry.linked_to);
  return out.str();
}

std::string difference(const Entry& actual, const Entry& expected) {
  std::ostringstream out;
  out << "\n    is        " << described(actual) << "\n    should be " << described(expected);
  if (actual.kind == expected.kind && actual.content != expected.content) {
    const std::string_view is = actual.content;
    const std::string_view should_be = expected.content;
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(is, should_be).in1 - is.begin());
    out << "\n    content from byte " << at << ": \"" << printable(is.substr(at, 40))
        << "\" should be \"" << printable(should_be.substr(at, 40)) << '"';
  }
  return out.str();
}

std::string shown(const std::string& path) {
  return path.empty() ? "." : printable(path);
}

}  // namespace

Entry Entry::mode(std::uint32_t bits) && {
  mode_bits = bits;
  return std::move(*this);
}

Entry Entry::owner(std::uint32_t user_id, std::uint32_t group_id) && {
  user = user_id;
  group = group_id;
  return std::move(*this);
}

Entry Entry::mtime(std::int64_t nanoseconds) && {
  return std::move(*this).mtime(timestamp_of(nanoseconds));
}

Entry Entry::mtime(Timestamp time) && {
  modified = time;
  return std::move(*this);
}

Entry Entry::attribute(std::string name, std::string value) && {
  attributes.insert_or_assign(std::move(name), std::move(value));
  return std::move(*this);
}

Entry Entry::access_acl(std::vector<AclEntry> entries) && {
  return std::move(*this).attribute(access_acl_name, acl(std::move(entries), mode_bits));
}

Entry Entry::default_acl(std::vector<AclEntry> entries) && {
  return std::move(*this).attribute(default_acl_name, acl(std::move(entries), mode_bits));
}

void PrintTo(const Entry& entry, std::ostream* out) {
  *out << shown(entry.path) << ": " << described(entry);
}

Entry folder(std::string path) {
  return entry(Kind::folder, std::move(path), 0755);
}

Entry file(std::string path, std::string content) {
  Entry made = entry(Kind::file, std::move(path), 0644);
  made.content = std::move(content);
  return made;
}

Entry symlink(std::string path, std::string target) {
  Entry made = entry(Kind::symlink, std::move(path), 0777);
  made.content = std::move(target);
  return made;
}

Entry fifo(std::string path) {
  return entry(Kind::fifo, std::move(path), 0644);
}

Entry socket(std::string path) {
  return entry(Kind::socket, std::move(path), 0644);
}

Entry character_device(std::string path, std::uint64_t device) {
  Entry made = entry(Kind::character_device, std::move(path), 0644);
  made.device = device;
  return made;
}

Entry hard_link(std::string path, std::string to) {
  Entry made = entry(Kind::file, std::move(path), 0);
  made.linked_to = std::move(to);
  return made;
}

Tree::Tree() {
  put(folder(""));
}

Tree::Tree(std::initializer_list<Entry> entries) : Tree() {
  for (const Entry& each : entries) put(each);
}

void Tree::put(Entry entry) {
  if (!entry.path.empty()) {
    const std::string parent = parent_of(entry.path);
    if (!entries_.contains(parent)) put(folder(parent));
  }
  const auto present = entries_.find(entry.path);
  if (entry.kind != Kind::folder ||
      (present != entries_.end() && present->second.kind != Kind::folder)) {
    remove(entry.path);
  }
  if (!entry.linked_to.empty()) {
    link(entry.path, entry.linked_to);
    return;
  }
  std::string path = entry.path;
  entries_.insert_or_assign(std::move(path), std::move(entry));
}

void Tree::remove(const std::string& path) {
  if (path.empty()) {
    entries_.clear();
    linked_.clear();
    return;
  }
  unlink(path);
  // What is below shares the prefix "path/" and nothing else does: '0' follows '/' in ASCII.
  for (;;) {
    const auto below = entries_.lower_bound(path + '/');
    if (below == entries_.end() || !below->first.starts_with(path + '/')) break;
    unlink(std::string(below->first));
  }
}

void Tree::link(const std::string& path, const std::string& to) {
  Entry made = entries_.at(to);
  if (made.kind == Kind::folder) throw std::logic_error("a hard link to a folder: " + to);
  const std::string first = made.linked_to.empty() ? to : made.linked_to;
  made.path = path;
  made.linked_to = first;
  entries_.emplace(path, std::move(made));
  Names names = std::move(linked_[first]);
  linked_.erase(first);
  names.insert({first, path});
  join_names(std::move(names));
}

void Tree::unlink(const std::string& path) {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return;
  const auto linked =
      linked_.find(found->second.linked_to.empty() ? path : found->second.linked_to);
  entries_.erase(found);
  if (linked == linked_.end()) return;
  Names names = std::move(linked->second);
  linked_.erase(linked);
  names.erase(path);
  join_names(std::move(names));
}

void Tree::join_names(Names names) {
  const std::string first = *names.begin();
  for (const std::string& name : names) {
    entries_.at(name).linked_to = name == first ? std::string() : first;
  }
  if (names.size() > 1) linked_.emplace(first, std::move(names));
}

testing::AssertionResult same(const Tree& actual, const Tree& expected) {
  if (actual == expected) return testing::AssertionSuccess();
  std::vector<std::string> differences;
  for (const auto& [path, entry] : expected.entries()) {
    if (!actual.contains(path)) {
      differences.push_back(shown(path) + "\n    is missing: " + described(entry));
    } else if (actual.at(path) != entry) {
      differences.push_back(shown(path) + difference(actual.at(path), entry));
    }
  }
  for (const auto& [path, entry] : actual.entries()) {
    if (!expected.contains(path)) {
      differences.push_back(shown(path) + "\n    should not be there: " + described(entry));
    }
  }
  constexpr std::size_t most_shown = 20;
  auto failure = testing::AssertionFailure();
  failure << differences.size() << " entries differ:\n";
  for (std::size_t at = 0; at < std::min(differences.size(), most_shown); ++at) {
    failure << "  " << differences[at] << '\n';
  }
  if (differences.size() > most_shown) failure << "  ...\n";
  return failure;
}

std::string parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

std::string name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string join(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (!path.empty()) path += '/';
  return path.append(name);
}

std::string printable(std::string_view bytes) {
  constexpr std::size_t shown_bytes = 120;
  std::string line;
  for (const char byte : bytes.substr(0, shown_bytes)) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x20 && value < 0x7f && byte != '\\') {
      line += byte;
    } else {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", value);
      line += escaped.data();
    }
  }
  if (bytes.size() > shown_bytes) {
    line += "... (" + std::to_string(bytes.size()) + " bytes)";
  }
  return line;
}

}  // namespace syncline::test
