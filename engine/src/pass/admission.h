// Which steps may be done, where not all may: those of a plan.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "pass/verbs.h"

#include "syncline/precondition.h"

#include <cstdint>
#include <string>

namespace syncline::engine {

/// What is to become of a name that is one of several of an inode: best comes last for one that
/// the others are linked to.
enum class PlannedAs : std::uint8_t { link, nothing, other };

/// Thread-safe. What fails throws SqliteError.
class Admission {
 public:
  Admission() = default;
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;
  virtual ~Admission() = default;

  /// What may be done with the entry at `path`, relative to the roots, while both sides are as
  /// `now` has them.
  [[nodiscard]] virtual Verbs allowed(const std::string& path, const Preconditions& now) = 0;
  /// What was allowed for it is not done after all.
  virtual void leave(const std::string& path) = 0;
  /// The folder that the destination has at `path` is to go to another place, and has not, and what
  /// comes there is none that is moved.
  [[nodiscard]] virtual bool awaits_move(const std::string& path, const FileId& id) = 0;
  /// An earlier run has done something in the folder `path`, and may not have come to its mtime.
  [[nodiscard]] virtual bool may_lack_mtime(const std::string& path) = 0;
  /// Whether that may be done with it once it is as it has to be.
  [[nodiscard]] virtual bool expects(const std::string& path, Verb verb) = 0;
  [[nodiscard]] virtual PlannedAs planned_as(const std::string& path) = 0;
};

/// `path` and `given` make what Admission::allowed() takes, and are called only where not all may
/// be done.
template <typename Path, typename Given>
Verbs allowed(const Pass& pass, Path path, Given given) {
  Admission* const admission = pass.replica.admission;
  return admission == nullptr ? Verbs::all() : admission->allowed(path().whole(), given());
}

inline void leave(const Pass& pass, const Path& path) {
  if (pass.replica.admission != nullptr) pass.replica.admission->leave(path.whole());
}

}  // namespace syncline::engine
