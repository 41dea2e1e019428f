// Root may read and write everything, so tests of refused access run as somebody else.
//
// SPDX-License-Identifier: MIT
#pragma once

namespace syncline::test {

/// While it lives, root acts as `nobody`: the effective ids of all threads. For an ordinary user
/// nothing changes.
class AsNobody {
 public:
  AsNobody();
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody();

 private:
  bool changed_ = false;
};

}  // namespace syncline::test
