// The paths that a list names, as a tree: which names of a folder are wanted. Pure: no disk.
//
// It is held in memory, so it is the one thing that grows with what the user wrote: some 150 bytes
// for each different name in it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::filter {

/// What is wanted of one folder or entry. Immutable once built, hence thread-safe.
class Listed {
 public:
  /// Paths from the root on; "." and leading slashes mean nothing, ".." leads back, though never out
  /// of the root. One that ends in '/' or "/." stands for what the folder holds as well; with
  /// `recursive`, any folder does, for all that is below it.
  static std::unique_ptr<const Listed> build(const std::vector<std::string>& paths, bool recursive);

  /// What is wanted of the entry `name` in this folder; nullptr: all of it. Only for names that are
  /// wanted.
  [[nodiscard]] const Listed* below(std::string_view name) const;
  [[nodiscard]] bool wants(std::string_view name) const {
    return has_content_ || children_.contains(name);
  }
  /// It is there for what is listed below it, and is made whatever rules say.
  [[nodiscard]] bool is_on_the_way(std::string_view name) const;
  /// The names that the list has here.
  template <typename Visit>
  void each_name(Visit visit) const {
    for (const auto& [name, child] : children_) visit(name, *child);
  }
  [[nodiscard]] bool is_itself_listed() const { return is_itself_; }

 private:
  Listed& add(const std::string& name);
  void make_recursive();

  std::map<std::string, std::unique_ptr<Listed>, std::less<>> children_;
  bool is_itself_ = false;
  bool has_content_ = false;   ///< every entry in it is wanted
  bool is_recursive_ = false;  ///< likewise below those
};

}  // namespace syncline::filter
