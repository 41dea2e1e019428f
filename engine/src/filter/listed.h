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
  /// Something is listed below it.
  [[nodiscard]] bool is_on_the_way(std::string_view name) const;
  using Children = std::map<std::string, std::unique_ptr<Listed>, std::less<>>;
  /// The names that the list has here.
  [[nodiscard]] const Children& children() const { return children_; }
  /// It takes part unless a rule hides it, rather than for the sake of what is below it alone.
  [[nodiscard]] bool has_itself(std::string_view name) const;
  [[nodiscard]] bool is_itself_listed() const { return is_itself_; }

 private:
  Listed& add(const std::string& name);
  void make_recursive();

  Children children_;
  bool is_itself_ = false;
  bool has_content_ = false;   ///< every entry in it is wanted
  bool is_recursive_ = false;  ///< likewise below those
};

}  // namespace syncline::filter
