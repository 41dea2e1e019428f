// What is remembered goes where it belongs, with what was moved.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "index/lookup.h"
#include "index/rows.h"
#include "model/entry.h"
#include "pass/folder.h"
#include "pass/memory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// For one thread at a time. Whoever looks a row up sees it changed at once. Throws SqliteError.
class MovedRows {
 public:
  MovedRows(Memory& memory, index::Lookup& lookup) : memory_(memory), lookup_(lookup) {}

  /// The row by `folder`'s name may have been moved away since it was read. One that is still there
  /// is this one's from now on: what is met later must not take it for another one's.
  void claim(Folder& folder, std::int64_t born_ns);

  /// `folder` was at `place`; what is remembered of another folder by its name goes there.
  void take(const index::FolderPlace& place, Folder& folder, std::int64_t born_ns);

  /// Likewise of a file that `folder` changed places with: it was `before`, and is in `from` now.
  void displace(const index::FolderPlace& place, const Folder& folder, const Entry& before,
                const filesystem::OpenFolder& from);

  /// A file that was at `place` is `name` in `folder`, of which `now` is known. `before` and
  /// `displaced`: what it changed places with, if anything, before and after that.
  void move(const index::FilePlace& place, Folder& folder, const std::string& name,
            const Remembered& now, const std::optional<Entry>& before,
            const std::optional<Entry>& displaced);

 private:
  void write(const std::vector<index::Edit>& edits);
  [[nodiscard]] std::vector<index::Edit> way_to(const Folder& folder);
  void put(Folder& folder, std::int64_t born_ns,
           const std::optional<index::FolderPlace>& displaced = {});

  Memory& memory_;
  index::Lookup& lookup_;
};

}  // namespace syncline::engine
