// A user at work against root's mirror, as fast as he can, with all that his rights allow: links,
// renames, modes, lists of access, descriptors and mappings that he keeps, names that he plants,
// forged copies, locks, giants. What he sees that he must not see he tells himself.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace syncline::test {

/// How contents begin: what nobody but root may ever read, and what is the hostile user's.
inline constexpr const char* secret_mark = "root's secret ";
inline constexpr const char* hostile_mark = "the hostile user's ";

/// At work in a process of his own while it lives. Root only.
class HostileUser {
 public:
  /// He owns folders "home" in both roots, and may write to "shared". The same seed makes the same
  /// choices, at other moments.
  HostileUser(std::string source, std::string destination, std::uint64_t seed);
  HostileUser(const HostileUser&) = delete;
  HostileUser& operator=(const HostileUser&) = delete;
  ~HostileUser();

  /// He is at once stopped, for good.
  void stop();

  [[nodiscard]] std::uint64_t deeds() const;
  /// Contents of others that he has looked at, through names and through what he holds.
  [[nodiscard]] std::uint64_t looks() const;
  /// The first thing that he could and must not; empty so far.
  [[nodiscard]] std::string success() const;

 private:
  struct Shared;
  Shared* shared_;
  pid_t pid_ = -1;
};

}  // namespace syncline::test
