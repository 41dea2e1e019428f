// SPDX-License-Identifier: MIT
#include "filter/listed.h"

#include <algorithm>
#include <utility>

namespace syncline::filter {
namespace {

std::vector<std::string> names_in(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (name == "..") {
      if (!names.empty()) names.pop_back();
    } else if (!name.empty() && name != ".") {
      names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace

bool lists_root(const std::vector<std::string>& paths) {
  return std::ranges::any_of(paths, [](const std::string& path) { return names_in(path).empty(); });
}

std::unique_ptr<const Listed> Listed::build(const std::vector<std::string>& paths, bool recursive) {
  auto root = std::make_unique<Listed>();
  for (const std::string& path : paths) {
    const std::vector<std::string> names = names_in(path);
    Listed* at = root.get();
    for (const std::string& name : names) at = &at->add(name);
    at->is_itself_ = true;
    const bool has_slash = path.ends_with('/') || path.ends_with("/.") || names.empty();
    if (recursive)
      at->extent_ = Extent::everything;
    else if (has_slash)
      at->extent_ = Extent::entries;
  }
  return root;
}

// A loop, since paths may be deep.
Listed::~Listed() {
  std::vector<Children> left;
  left.push_back(std::move(children_));
  while (!left.empty()) {
    const Children children = std::move(left.back());
    left.pop_back();
    for (const auto& [name, child] : children) left.push_back(std::move(child->children_));
  }
}

const Listed* Listed::child(std::string_view name) const {
  const auto found = children_.find(name);
  return found == children_.end() ? nullptr : found->second.get();
}

Listed& Listed::add(const std::string& name) {
  auto& child = children_[name];
  if (!child) child = std::make_unique<Listed>();
  return *child;
}

bool Wanted::wants_itself(std::string_view name) const {
  if (extent_ != Extent::nothing) return true;
  const Listed* const found = child(name);
  return found != nullptr && found->is_itself();
}

bool Wanted::needs_as_way(std::string_view name) const {
  const Listed* const found = child(name);
  return found != nullptr && !found->children().empty();
}

Wanted Wanted::below(std::string_view name, bool is_hidden) const {
  const Listed* const found = child(name);
  if (is_hidden) return {found, Extent::nothing};
  Extent extent = extent_ == Extent::everything ? extent_ : Extent::nothing;
  if (found != nullptr) extent = std::max(extent, found->extent());
  return {found, extent};
}

}  // namespace syncline::filter
