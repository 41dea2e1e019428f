// The paths that a list names, as a tree: which names of a folder are wanted. Pure: no disk.
//
// It is held in memory, so it is the one thing that grows with what the user wrote: some 150 bytes
// for each different name in it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::filter {

/// Whether one of these paths is the root itself.
bool lists_root(const std::vector<std::string>& paths);

/// How much of a folder is wanted, beside what is listed below it.
enum class Extent : std::uint8_t { nothing, entries, everything };

/// Immutable once built, hence thread-safe.
class Listed {
 public:
  using Children = std::map<std::string, std::unique_ptr<Listed>, std::less<>>;

  Listed() = default;
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed();

  /// Paths from the root on; "." and leading slashes mean nothing, ".." leads back, though never
  /// out of the root. One that ends in '/' or "/." stands for the entries of the folder as well;
  /// with `recursive`, any folder does, for all that is below it.
  static std::unique_ptr<const Listed> build(const std::vector<std::string>& paths, bool recursive);

  /// The names that the list has here.
  [[nodiscard]] const Children& children() const { return children_; }
  /// nullptr: it does not have that one.
  [[nodiscard]] const Listed* child(std::string_view name) const;
  /// It is listed itself, rather than on the way to what is.
  [[nodiscard]] bool is_itself() const { return is_itself_; }
  [[nodiscard]] Extent extent() const { return extent_; }

 private:
  Listed& add(const std::string& name);

  Children children_;
  bool is_itself_ = false;
  Extent extent_ = Extent::nothing;
};

/// What is wanted of one folder.
class Wanted {
 public:
  /// All of it.
  Wanted() = default;
  /// `listed`: the root's; nullptr: there is no list.
  explicit Wanted(const Listed* listed)
      : listed_(listed), extent_(listed != nullptr ? listed->extent() : Extent::everything) {}

  [[nodiscard]] bool is_all() const { return listed_ == nullptr && extent_ == Extent::everything; }
  [[nodiscard]] const Listed* listed() const { return listed_; }
  /// The list has the name of each entry that is wanted.
  [[nodiscard]] bool is_all_named() const { return extent_ == Extent::nothing; }
  [[nodiscard]] bool wants(std::string_view name) const {
    return extent_ != Extent::nothing || child(name) != nullptr;
  }
  /// For its own sake, and so only if no rule hides it.
  [[nodiscard]] bool wants_itself(std::string_view name) const;
  /// For the sake of what is listed below it.
  [[nodiscard]] bool needs_as_way(std::string_view name) const;
  /// Of the folder `name` in it. One that rules hide is a way and no more.
  [[nodiscard]] Wanted below(std::string_view name, bool is_hidden) const;

 private:
  Wanted(const Listed* listed, Extent extent) : listed_(listed), extent_(extent) {}
  [[nodiscard]] const Listed* child(std::string_view name) const {
    return listed_ != nullptr ? listed_->child(name) : nullptr;
  }

  const Listed* listed_ = nullptr;
  Extent extent_ = Extent::everything;
};

}  // namespace syncline::filter
