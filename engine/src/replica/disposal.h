// The one way by which anything leaves a replica: it is gone, or it is kept (backup.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/folder.h"

#include <string>

namespace syncline::engine {

struct Pass;

/// Thread-safe. Folders leave once they are empty, and by themselves.
class Disposal {
 public:
  Disposal() = default;
  Disposal(const Disposal&) = delete;
  Disposal& operator=(const Disposal&) = delete;
  virtual ~Disposal() = default;

  /// To be called before something takes the place of `name`, no folder, in the destination's
  /// `folder`; does nothing where there is none. Throws SystemError.
  virtual void make_way(Pass& pass, Folder& folder, const std::string& name) const = 0;
  /// Takes `name`, no folder, away. Throws SystemError.
  virtual void take(Pass& pass, Folder& folder, const std::string& name) const = 0;

  /// What leaves is kept. So nothing is changed in place, and nothing changes places with it.
  [[nodiscard]] virtual bool keeps() const = 0;
  /// It is kept beside its place, so that its folder stays with it.
  [[nodiscard]] virtual bool keeps_beside() const = 0;
  /// `name` was kept like that: it is not kept once more.
  [[nodiscard]] virtual bool is_kept_beside(const std::string& name) const = 0;
  /// `entry` of the destination is the folder of all that is kept.
  [[nodiscard]] virtual bool is_root(const Entry& entry) const = 0;
  /// It is or holds that folder, and is not to be deleted.
  [[nodiscard]] virtual bool holds_root(const Entry& entry) const = 0;
};

/// Nothing is kept.
const Disposal& unlinking();

}  // namespace syncline::engine
