// SPDX-License-Identifier: MIT
#include "filter/listed.h"

namespace syncline::filter {
namespace {

std::vector<std::string> names_in(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(name.size() == path.size() ? name.size() : name.size() + 1);
    if (name == "..") {
      if (!names.empty()) names.pop_back();
    } else if (!name.empty() && name != ".") {
      names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace

std::unique_ptr<const Listed> Listed::build(const std::vector<std::string>& paths,
                                            bool recursive) {
  auto root = std::make_unique<Listed>();
  for (const std::string& path : paths) {
    const std::vector<std::string> names = names_in(path);
    Listed* at = root.get();
    for (const std::string& name : names) at = &at->add(name);
    at->is_itself_ = true;
    const bool has_slash = path.ends_with('/') || path.ends_with("/.") || names.empty();
    at->has_content_ = at->has_content_ || has_slash || recursive;
  }
  if (recursive) root->make_recursive();
  return root;
}

const Listed* Listed::below(std::string_view name) const {
  static const Listed nothing;
  if (const auto found = children_.find(name); found != children_.end())
    return found->second.get();
  return is_recursive_ ? nullptr : &nothing;
}

bool Listed::is_on_the_way(std::string_view name) const {
  const auto found = children_.find(name);
  return found != children_.end() && !found->second->children_.empty();
}

bool Listed::has_itself(std::string_view name) const {
  if (has_content_) return true;
  const auto found = children_.find(name);
  return found != children_.end() && found->second->is_itself_;
}

Listed& Listed::add(const std::string& name) {
  auto& child = children_[name];
  if (!child) child = std::make_unique<Listed>();
  return *child;
}

// All that is below a listed folder, what is listed there once more included.
void Listed::make_recursive() {
  std::vector<Listed*> left{this};
  while (!left.empty()) {
    Listed* const at = left.back();
    left.pop_back();
    at->is_recursive_ = at->is_recursive_ || at->has_content_;
    at->has_content_ = at->is_recursive_;
    for (const auto& [name, child] : at->children_) {
      child->is_recursive_ = at->is_recursive_;
      left.push_back(child.get());
    }
  }
}

}  // namespace syncline::filter
