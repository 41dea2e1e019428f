// A tree as it was: what passes did since, taken back in mind.
//
// Only what they touched is held in memory; all else is as the replica has it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"
#include "kept/operation.h"
#include "kept/store.h"
#include "model/entry.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace syncline::engine {

class OldTree {
 public:
  /// An entry, and where it is by now.
  struct Node {
    enum class Is : std::uint8_t {
      there,    ///< at `path` in the replica, with all below it that no child stands for
      kept,     ///< `item` of the quarantine
      removed,  ///< a folder that is gone: `metadata` is all there is of it
      nothing,  ///< there was no such entry
    };

    Is is = Is::there;
    std::string path;
    kept::Item item;
    std::string items;              ///< the folder of the item
    std::optional<Entry> metadata;  ///< that it had, if it has another by now
    std::map<std::string, std::unique_ptr<Node>> children;
  };

  /// Whether an item of a pass is in the quarantine.
  using HasItem = std::function<bool(const kept::Item& item, const std::string& items)>;
  /// What the replica has at that path by now.
  using Look = std::function<std::optional<Entry>(const std::string& path)>;

  OldTree(HasItem has_item, Look look) : has_item_(std::move(has_item)), look_(std::move(look)) {}

  /// All that `pass` did. The newest comes first. Throws index::SqliteError.
  void take_back(kept::Journal& journal, const kept::PassRow& pass);

  /// What had that path, "" for the root.
  Node& at(const std::string& path);

 private:
  using NodeRef = std::unique_ptr<Node>;

  NodeRef& slot(const kept::Spot& spot);
  Node& at(const kept::Spot& spot);
  void take_back(const kept::Operation& operation, const kept::PassRow& pass);
  void put_kept(const kept::Operation& operation, const kept::PassRow& pass);
  [[nodiscard]] bool is_at(const Node& node, std::uint64_t inode) const;

  const HasItem has_item_;
  const Look look_;
  /// What an undo had brought back, by the pass and the item that it had been.
  std::map<std::pair<std::int64_t, std::uint64_t>, NodeRef> brought_back_;
  Node root_;
};

}  // namespace syncline::engine
