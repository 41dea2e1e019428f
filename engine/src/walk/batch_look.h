// What the names of a batch are on both sides, looked at one after the other; those of several
// batches of one folder of the source are looked at there only once.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/pass.h"
#include "walk/batch.h"

#include "syncline/event.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncline::engine {

/// One name, as it is.
struct Seen {
  std::optional<Entry> source;
  std::optional<Entry> destination;
  bool failed = false;
};

/// For one thread. What fails is told of in `events`, which like `names` must outlive it.
class BatchLook {
 public:
  /// `is_first`: nobody has looked at these names before, so that what cannot be kept is counted.
  BatchLook(Pass& pass, Folder& folder, const std::vector<NamePair>& names, bool is_first,
            std::vector<Event>& events)
      : pass_(pass),
        folder_(folder),
        names_(names),
        is_first_(is_first),
        events_(events),
        seen_(names.size()) {}

  /// At the names of `all` in the source, where they are of one folder. A pass that is stopping
  /// looks at no more. Of more than one the names must be sorted.
  static void look_in_source(std::span<BatchLook* const> all);
  /// After that, at those of this one in the destination; what all of them are.
  std::vector<Seen> look_in_destination();

  /// What the destination has of that name. False: it could not be looked at. What cannot be seen
  /// forbids deletions; what is gone is an answer.
  bool look_in_destination(const std::string& name, std::optional<Entry>& found);

  // False: they could not be looked at.

  bool look_at_source_attributes(const std::string& name, Entry& entry);
  /// `unreadable`: why they cannot be read (errno), where that is so, which is an answer. Those of
  /// what gives way to a `wanted` do not matter.
  bool look_at_destination_attributes(const std::string& name, Kind wanted,
                                      std::optional<Entry>& entry, int& unreadable);

 private:
  void meet(const std::string& name, SourceLook&& look, bool is_alone);
  void take(const std::string& name, SourceLook&& look, Seen& seen);
  /// Throws SystemError.
  const Handles::View& destination();

  Pass& pass_;
  Folder& folder_;
  const std::vector<NamePair>& names_;
  const bool is_first_;
  std::vector<Event>& events_;
  std::vector<Seen> seen_;
  std::size_t next_ = 0;  ///< of the names, the first that may still be looked at in the source
  Handles::View destination_;
};

}  // namespace syncline::engine
