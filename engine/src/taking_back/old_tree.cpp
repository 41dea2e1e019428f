// SPDX-License-Identifier: MIT
#include "taking_back/old_tree.h"

#include "filesystem/paths.h"
#include "kept/recording.h"

#include <limits>
#include <utility>

namespace syncline::engine {
namespace {

using kept::Deed;
using kept::Operation;
using kept::Spot;
using Node = OldTree::Node;

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '/' + name;
}

// What nothing was said of is as the replica has it, as far as its folder is.
std::unique_ptr<Node> implied(const Node& folder, const std::string& name) {
  auto node = std::make_unique<Node>();
  if (folder.is == Node::Is::there)
    node->path = below(folder.path, name);
  else
    node->is = Node::Is::nothing;
  return node;
}

std::unique_ptr<Node> nothing() {
  auto node = std::make_unique<Node>();
  node->is = Node::Is::nothing;
  return node;
}

}  // namespace

OldTree::NodeRef& OldTree::slot(const Spot& spot) {
  Node& folder = at(spot.folder);
  NodeRef& child = folder.children[spot.name];
  if (!child) child = implied(folder, spot.name);
  return child;
}

Node& OldTree::at(const std::string& path) {
  Node* node = &root_;
  for (const std::string& name : filesystem::names_in(path)) {
    NodeRef& child = node->children[name];
    if (!child) child = implied(*node, name);
    node = child.get();
  }
  return *node;
}

Node& OldTree::at(const Spot& spot) {
  return spot.name.empty() ? at(spot.folder) : *slot(spot);
}

void OldTree::take_back(kept::Journal& journal, const kept::PassRow& pass) {
  journal.read_back(pass.id, std::numeric_limits<std::int64_t>::max(),
                    [&](std::int64_t /*number*/, const Operation& operation) {
                      take_back(operation, pass);
                      return true;
                    });
}

// Nothing is known of what is not in the replica itself.
bool OldTree::is_at(const Node& node, std::uint64_t inode) const {
  if (node.is != Node::Is::there || node.path.empty()) return false;
  const auto now = look_(node.path);
  return now && now->identity.id.inode == inode;
}

// Where the item is not in the quarantine, an undo has brought it back, or it never left.
void OldTree::put_kept(const Operation& operation, const kept::PassRow& pass) {
  const auto brought = brought_back_.find({pass.id, operation.item.number});
  if (brought != brought_back_.end()) {
    slot(operation.at) = std::move(brought->second);
    brought_back_.erase(brought);
    return;
  }
  const std::string items = folder_name(pass);
  if (!has_item_(operation.item, items)) return;
  auto node = std::make_unique<Node>();
  node->is = Node::Is::kept;
  node->item = operation.item;
  node->items = items;
  slot(operation.at) = std::move(node);
}

void OldTree::take_back(const Operation& operation, const kept::PassRow& pass) {
  const bool is_brought = operation.from.number > 0;
  if (is_brought)
    brought_back_[{operation.from.pass, operation.from.number}] =
        std::exchange(slot(operation.at), nothing());
  switch (operation.deed) {
    case Deed::made:
    case Deed::made_folder:
      slot(operation.at) = nothing();
      return;
    case Deed::took:
    case Deed::replaced:
      put_kept(operation, pass);
      return;
    case Deed::removed_folder: {
      NodeRef& node = slot(operation.at);
      if (is_at(*node, operation.before->identity.id.inode)) return;  // it stayed
      node = std::make_unique<Node>();
      node->is = Node::Is::removed;
      node->metadata = operation.before;
      return;
    }
    case Deed::moved: {
      if (is_at(*slot(operation.at), operation.after->inode)) return;  // it stayed
      NodeRef moved = std::exchange(slot(operation.to), nothing());
      slot(operation.at) = std::move(moved);
      return;
    }
    case Deed::exchanged: {
      if (is_at(*slot(operation.at), operation.after->inode)) return;
      NodeRef moved = std::exchange(slot(operation.to), nullptr);
      NodeRef& there = slot(operation.at);
      NodeRef other = std::exchange(there, std::move(moved));
      slot(operation.to) = std::move(other);
      return;
    }
    case Deed::set_metadata:
      at(operation.at).metadata = operation.before;
      return;
  }
}

}  // namespace syncline::engine
