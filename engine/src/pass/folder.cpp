// SPDX-License-Identifier: MIT
#include "pass/folder.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace syncline::engine {

namespace {

// Of a path that is shown shortened: the first folders, and the last ones with the name, have at
// most so many bytes each. Less than half of what a path may have without being shortened, so that
// they never overlap.
constexpr std::size_t most_end_bytes = 1024;
static_assert(2 * (most_end_bytes + 1) < most_path_bytes);

const std::string& name_in_paths(const Folder& folder) {
  return folder.shown_as.empty() ? folder.name : folder.shown_as;
}

const Folder* top_extraneous_of(const Folder& folder) {
  if (folder.role != Folder::Role::extraneous) return nullptr;
  const Folder* const above = folder.parent ? folder.parent->top_extraneous : nullptr;
  return above != nullptr ? above : &folder;
}

std::uint64_t path_bytes_of(const Folder* parent, const std::string& name) {
  if (parent == nullptr) return 0;
  return (parent->path_bytes == 0 ? 0 : parent->path_bytes + 1) + name.size();
}

// Begun by the first folder whose own path is longer than it.
std::shared_ptr<const PathHead> path_head_of(const Folder* parent, std::uint64_t path_bytes) {
  if (parent == nullptr || parent->path_head)
    return parent == nullptr ? nullptr : parent->path_head;
  if (path_bytes <= most_end_bytes) return nullptr;
  return std::make_shared<const PathHead>(PathHead{
      .text = parent->parent ? whole_path_of(*parent) : std::string{}, .folders = parent->depth});
}

// "12,345"
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string without_middle(const std::string& head, std::uint64_t left_out,
                           const std::string& tail) {
  std::string text = head;
  if (!text.empty()) text += '/';
  return text.append("…/(").append(grouped(left_out)).append(" folders)/…/").append(tail);
}

std::string shortened(const Folder& folder, const std::string& name) {
  std::string tail = name;
  const Folder* at = &folder;
  while (tail.size() + 1 + name_in_paths(*at).size() <= most_end_bytes) {
    tail.insert(0, name_in_paths(*at) + '/');
    at = at->parent.get();
  }
  return without_middle(folder.path_head->text, at->depth - folder.path_head->folders, tail);
}

}  // namespace

Folder::Folder(std::shared_ptr<Folder> parent_folder, std::string folder_name, Role folder_role,
               std::string told_as)
    : parent(std::move(parent_folder)),
      pass(parent ? parent->pass : nullptr),
      name(std::move(folder_name)),
      shown_as(std::move(told_as)),
      depth(parent ? parent->depth + 1 : 0),
      role(folder_role),
      top_extraneous(top_extraneous_of(*this)),
      path_bytes(path_bytes_of(parent.get(), name_in_paths(*this))),
      path_head(path_head_of(parent.get(), path_bytes)),
      from(std::make_shared<SourceSide>()) {}

// A loop, where the last owner of a deep folder would else destroy its ancestors by recursion. That
// it is the last it learns by letting go: whoever only looked at the count would not see what the
// others did before they did so.
Folder::~Folder() {
  thread_local FolderRef* orphaned = nullptr;
  if (orphaned != nullptr) {
    *orphaned = std::move(parent);
    return;
  }
  FolderRef above = std::move(parent);
  while (above) {
    FolderRef next;
    orphaned = &next;
    above.reset();
    orphaned = nullptr;
    above = std::move(next);
  }
}

std::string whole_path_of(const Folder& folder) {
  return folder.parent ? whole_path_of(*folder.parent, name_in_paths(folder)) : ".";
}

// From its end on, for that is how folders are chained; each event has one, so it is made at once.
std::string whole_path_of(const Folder& folder, const std::string& name) {
  std::size_t end = folder.parent ? folder.path_bytes + 1 : 0;
  std::string path(end + name.size(), '/');
  path.replace(end, name.size(), name);
  for (const Folder* at = &folder; at->parent; at = at->parent.get()) {
    const std::string& part = name_in_paths(*at);
    end -= part.size() + 1;
    path.replace(end, part.size(), part);
  }
  return path;
}

std::string end_of_path(const Folder& folder, std::size_t most) {
  std::string path;
  const Folder* at = &folder;
  for (; at->parent && most > 0; at = at->parent.get(), --most)
    path.insert(0, path.empty() ? name_in_paths(*at) : name_in_paths(*at) + '/');
  return path.empty() ? "." : path;
}

Path path_of(const Folder& folder) {
  return folder.parent ? path_of(*folder.parent, name_in_paths(folder)) : Path{"."};
}

Path path_of(const Folder& folder, const std::string& name) {
  if (folder.path_bytes + 1 + name.size() <= most_path_bytes) return whole_path_of(folder, name);
  return {shortened(folder, name),
          [at = folder.shared_from_this(), name] { return whole_path_of(*at, name); }};
}

Path shown_path(std::string whole) {
  if (whole.size() <= most_path_bytes) return {std::move(whole)};
  const auto kept = std::make_shared<const std::string>(std::move(whole));
  const std::size_t head = kept->rfind('/', most_end_bytes);
  const std::size_t tail = kept->find('/', kept->size() - most_end_bytes - 1);
  if (head == std::string::npos || tail == std::string::npos) return {*kept};
  const auto left_out = std::count(kept->begin() + static_cast<std::ptrdiff_t>(head) + 1,
                                   kept->begin() + static_cast<std::ptrdiff_t>(tail) + 1, '/');
  return {without_middle(kept->substr(0, head), static_cast<std::uint64_t>(left_out),
                         kept->substr(tail + 1)),
          [kept] { return *kept; }};
}

}  // namespace syncline::engine
