// What the names of a batch are on both sides, looked at one after the other.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/pass.h"
#include "walk/batch.h"

#include "syncline/event.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// One name, as it is.
struct Seen {
  std::optional<Entry> source;
  std::optional<Entry> destination;
  bool failed = false;
};

/// For one thread. What fails is told of in `events`, which must outlive it.
class BatchLook {
 public:
  /// `is_first`: nobody has looked at these names before, so that what cannot be kept is counted.
  BatchLook(Pass& pass, Folder& folder, bool is_first, std::vector<Event>& events)
      : pass_(pass), folder_(folder), is_first_(is_first), events_(events) {}

  /// All of them; a pass that is stopping looks at no more.
  std::vector<Seen> look(const std::vector<NamePair>& names);

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
  void look_in_source(const std::vector<NamePair>& names, std::vector<Seen>& seen);
  void take(const std::string& name, SourceLook look, Seen& seen);
  void look_in_destination(const std::vector<NamePair>& names, std::vector<Seen>& seen);
  /// Throws SystemError.
  const Handles::View& destination();

  Pass& pass_;
  Folder& folder_;
  const bool is_first_;
  std::vector<Event>& events_;
  Handles::View destination_;
};

}  // namespace syncline::engine
