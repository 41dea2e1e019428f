// SPDX-License-Identifier: MIT
#include "support/random_tree.h"

#include "support/acl.h"
#include "support/disk.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

std::string random_bytes(Random& random, std::uint64_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

std::string random_small_content(Random& random) {
  return random_bytes(random, random.one_in(8) ? 0 : 1 + random.below(300));
}

/// Mostly small, at times empty, around a page, or around a typical read size.
std::string random_content(Random& random) {
  switch (random.below(8)) {
    case 0:
      return {};
    case 1:
      return random_bytes(random, 4095 + random.below(3));
    case 2:
      return random_bytes(random, (1U << 16U) - 1 + random.below(3));
    default:
      return random_bytes(random, 1 + random.below(300));
  }
}

std::string random_name(Random& random) {
  std::string name;
  switch (random.below(8)) {
    case 0:  // bytes of any kind but the two that Unix keeps for itself
      for (auto left = 1 + random.below(255); left > 0; --left) {
        const char byte = static_cast<char>(1 + random.below(255));
        name += byte == '/' ? '\\' : byte;
      }
      break;
    case 1:
      name = "-" + std::to_string(random.below(1000));
      break;
    default:
      name = "n" + std::to_string(random.below(10'000));
  }
  return name == "." || name == ".." ? "dots" : name;
}

std::int64_t random_mtime(Random& random) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  constexpr std::int64_t from_1950 = -20LL * 365 * 86'400;
  constexpr std::uint64_t seconds_in_150_years = 150ULL * 365 * 86'400;
  return (from_1950 + static_cast<std::int64_t>(random.below(seconds_in_150_years))) * ns_per_s +
         static_cast<std::int64_t>(random.below(ns_per_s));
}

std::uint32_t random_mode(Random& random, Kind kind) {
  if (kind == Kind::symlink) return 0777;
  constexpr std::array<std::uint32_t, 6> modes{0600, 0640, 0644, 0664, 0755, 0700};
  const std::uint32_t mode = modes.at(random.below(modes.size()));
  return kind == Kind::folder ? mode | 0700U : mode;
}

Entry random_entry(Random& random, std::string path,
                   std::string (*content)(Random&) = random_content) {
  Entry made = [&] {
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return folder(std::move(path));
      case 3:
        return symlink(std::move(path), "../target" + std::to_string(random.below(9)));
      case 4:
        return fifo(std::move(path));
      default:
        return file(std::move(path), content(random));
    }
  }();
  made.mode_bits = random_mode(random, made.kind);
  made.modified = timestamp_of(random_mtime(random));
  return made;
}

std::string random_attribute_name(Random& random) {
  return "user.note " + std::to_string(random.below(4));
}

std::vector<AclEntry> random_acl(Random& random) {
  std::vector<AclEntry> entries{user_entry(1000, static_cast<std::uint16_t>(random.below(8)))};
  if (random.one_in(2)) {
    entries.push_back(group_entry(1001, static_cast<std::uint16_t>(random.below(8))));
  }
  if (random.one_in(2)) {
    entries.push_back(owning_group_entry(static_cast<std::uint16_t>(random.below(8))));
  }
  return entries;
}

/// Some of its content becomes zeros, at times by far the most.
std::string with_holes(Random& random, std::string content) {
  content.insert(random.below(content.size() + 1), std::string(random.below(1U << 20U), '\0'));
  if (random.one_in(2)) content.append(65536 + random.below(1U << 17U), '\0');
  return content;
}

Entry enriched(Random& random, Entry entry) {
  if (::geteuid() == 0 && random.one_in(4)) {
    entry.user = static_cast<std::uint32_t>(1 + random.below(3));
    entry.group = static_cast<std::uint32_t>(1 + random.below(3));
  }
  if (entry.kind == Kind::symlink) return entry;
  if (random.one_in(4)) entry.mode_bits |= 01000U << random.below(3);
  if (random.one_in(8)) entry = std::move(entry).access_acl(random_acl(random));
  if (entry.kind == Kind::folder && random.one_in(8)) {
    entry = std::move(entry).default_acl(random_acl(random));
  }
  if (entry.kind == Kind::fifo) return entry;
  while (random.one_in(3)) {
    std::string name = random_attribute_name(random);
    entry = std::move(entry).attribute(std::move(name), random_bytes(random, random.below(300)));
  }
  if (entry.kind == Kind::file && random.one_in(16)) {
    entry.content = with_holes(random, std::move(entry.content));
  }
  return entry;
}

template <typename Wanted>
std::string pick(Random& random, const Tree& tree, const Wanted& wanted) {
  std::vector<std::string> found;
  for (const auto& [path, entry] : tree.entries()) {
    if (wanted(entry)) found.push_back(path);
  }
  return found.empty() ? std::string() : found[random.below(found.size())];
}

std::string pick_folder(Random& random, const Tree& tree) {
  return pick(random, tree, [](const Entry& entry) { return entry.kind == Kind::folder; });
}

std::string unused_path(Random& random, const Tree& tree) {
  for (;;) {
    std::string path = join(pick_folder(random, tree), random_name(random));
    if (!tree.contains(path)) return path;
  }
}

Entry random_rich_entry(Random& random, const Tree& tree, std::string path) {
  if (random.one_in(8)) {
    const std::string to =
        pick(random, tree, [](const Entry& entry) { return entry.kind != Kind::folder; });
    if (!to.empty()) return hard_link(std::move(path), to);
  }
  return enriched(random, random_entry(random, std::move(path)));
}

void edit(Random& random, const std::string& root, const Entry& entry) {
  std::string content = entry.content;
  if (content.empty() || random.one_in(2)) {
    remove(root, entry.path);
    Entry edited = file(entry.path, random_content(random)).mode(entry.mode_bits);
    put(std::move(edited).mtime(random_mtime(random)), root);
    return;
  }
  content[random.below(content.size())] ^= 1;
  overwrite_unseen(root, entry.path, content);
}

void change_once(Random& random, const std::string& root) {
  const Tree now = snapshot(root);
  const std::string path =
      pick(random, now, [](const Entry& entry) { return !entry.path.empty(); });
  const auto choice = random.below(8);
  if (path.empty() || choice == 0) {
    put(random_entry(random, unused_path(random, now)), root);
    return;
  }
  const Entry& entry = now.at(path);
  switch (choice) {
    case 1:
      remove(root, path);
      break;
    case 2:
      remove(root, path);
      put(random_entry(random, path), root);
      break;
    case 3: {
      const std::string to = unused_path(random, now);
      // A folder cannot move into itself.
      if (!to.starts_with(path + '/')) rename(root, path, to);
      break;
    }
    case 4:
      if (entry.kind != Kind::symlink) set_mode(root, path, random_mode(random, entry.kind));
      break;
    case 5:
      set_mtime(root, path, random_mtime(random));
      break;
    default:
      if (entry.kind == Kind::file) edit(random, root, entry);
  }
}

void change_richly_once(Random& random, const std::string& root) {
  const Tree now = snapshot(root);
  if (random.one_in(2)) {
    put(random_rich_entry(random, now, unused_path(random, now)), root);
    return;
  }
  const std::string path = pick(random, now, [](const Entry& entry) {
    return entry.kind == Kind::file || entry.kind == Kind::folder;
  });
  const Entry& entry = now.at(path);
  if (random.one_in(4)) {
    set_attribute(root, path, access_acl_name, acl(random_acl(random), entry.mode_bits));
  } else if (!entry.attributes.empty() && random.one_in(2)) {
    remove_attribute(root, path, entry.attributes.begin()->first);
  } else {
    set_attribute(root, path, random_attribute_name(random),
                  random_bytes(random, random.below(300)));
  }
}

}  // namespace

std::uint64_t announced_seed() {
  std::uint64_t seed = std::random_device()();
  // Tests run in parallel as processes; none changes the environment.
  if (const char* chosen = std::getenv("SYNCLINE_SEED")) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view text = chosen;
    std::from_chars(text.data(), text.data() + text.size(), seed);
  }
  std::cout << "SYNCLINE_SEED=" << seed << std::endl;
  return seed;
}

Tree random_tree(Random& random, std::uint64_t entries) {
  Tree tree;
  while (tree.size() < entries) {
    tree.put(random_entry(random, unused_path(random, tree)));
  }
  return tree;
}

Tree random_small_tree(Random& random, std::uint64_t entries) {
  Tree tree;
  while (tree.size() < entries) {
    tree.put(random_entry(random, unused_path(random, tree), random_small_content));
  }
  return tree;
}

Tree random_rich_tree(Random& random, std::uint64_t entries) {
  Tree tree;
  while (tree.size() < entries) {
    tree.put(random_rich_entry(random, tree, unused_path(random, tree)));
  }
  return tree;
}

bool holds_riches(const std::string& in) {
  return can_make(file("").attribute("user.note", "x"), in) &&
         can_make(file("").access_acl({user_entry(1000, 06)}), in);
}

void change_randomly(Random& random, const std::string& root, std::uint64_t changes) {
  for (std::uint64_t done = 0; done < changes; ++done) change_once(random, root);
}

void change_richly(Random& random, const std::string& root, std::uint64_t changes) {
  for (std::uint64_t done = 0; done < changes; ++done) {
    if (random.one_in(2)) {
      change_once(random, root);
    } else {
      change_richly_once(random, root);
    }
  }
}

}  // namespace syncline::test
