// Folders as the index remembers them: where they are, as far as they still are there.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/lookup.h"
#include "model/entry.h"
#include "pass/folder.h"
#include "pass/handles.h"
#include "pass/source.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// For one thread at a time. Throws SqliteError, and SystemError.
class RememberedPlaces {
 public:
  /// The names on the way from the root.
  using Parts = std::vector<std::string>;

  RememberedPlaces(Source& source, Handles& handles, index::Lookup& lookup, FolderRef root)
      : source_(source), handles_(handles), lookup_(lookup), root_(std::move(root)) {}

  /// nullopt where the index does not know it any more.
  [[nodiscard]] std::optional<Parts> path_to(index::RowKey folder);
  /// What the source has there.
  std::optional<Entry> look_in_source(const Parts& path, const std::string& name);

  // What the destination has there.

  /// nullptr where it is gone.
  Handles::View open(index::RowKey folder, const Parts& path);
  std::optional<Entry> look(index::RowKey folder, const Parts& path, const std::string& name);
  /// A folder has another place from here on.
  void forget() { last_ = {}; }

 private:
  struct Opened {
    index::RowKey folder = index::no_row;
    Handles::View handle;
  };

  Source& source_;
  Handles& handles_;
  index::Lookup& lookup_;
  const FolderRef root_;
  Opened last_;  ///< moves come in swarms
};

/// The path of `name` behind `path`.
std::string join(const RememberedPlaces::Parts& path, const std::string& name);

}  // namespace syncline::engine
