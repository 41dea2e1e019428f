// The path of an entry, in events.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace syncline {

/// Longer paths are shown without their middle.
inline constexpr std::size_t most_path_bytes = 4096;

/// Relative to the roots, raw bytes; "." is the root itself. As a string it is meant for people: if
/// it is longer than most_path_bytes, it has the first and the last folders, and between them how
/// many are left out, as in "a/b/…/(12,345 folders)/…/y/z". Use whole() for programs. So very deep
/// trees cannot make a log or memory grow with the square of their depth.
class Path : public std::string {
 public:
  /// Gives all of it. Thread-safe.
  using Whole = std::function<std::string()>;

  Path() = default;
  Path(std::string text) : std::string(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Path(const char* text) : std::string(text) {}             // NOLINT(google-explicit-constructor)
  Path(std::string shown, Whole whole)
      : std::string(std::move(shown)), whole_(std::make_shared<const Whole>(std::move(whole))) {}

  /// The whole path. If the string is shortened, it is built anew at each call; thread-safe.
  [[nodiscard]] std::string whole() const { return whole_ ? (*whole_)() : std::string{*this}; }

 private:
  std::shared_ptr<const Whole> whole_;  ///< none where the string is all
};

}  // namespace syncline
