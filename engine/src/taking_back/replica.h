// A destination of which passes are kept, opened and locked as a pass opens it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/tree_lock.h"
#include "kept/journal.h"
#include "kept/store.h"

#include "syncline/event.h"
#include "syncline/undo.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace syncline::engine {

struct KeptReplica {
  /// Waiting for another run is told to `observer`, and ended by `stop`. Throws Unusable.
  KeptReplica(const UndoPlace& place, Observer& observer, const std::stop_token& stop);
  /// For whoever has nobody to tell.
  explicit KeptReplica(const UndoPlace& place);

  /// nullptr: nothing was ever kept. Throws SystemError, index::SqliteError.
  [[nodiscard]] std::unique_ptr<kept::Journal> open_journal(bool durable) const;

  kept::Store::Handle root;
  filesystem::TreeLock lock;
  std::shared_ptr<kept::Store> store;
};

}  // namespace syncline::engine
