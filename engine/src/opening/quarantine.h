// The quarantine of a pass that can be taken back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "kept/recording.h"
#include "kept/store.h"
#include "opening/roots.h"
#include "replica/intentions.h"
#include "replica/quarantine.h"

#include "syncline/options.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncline {

struct OpenQuarantine {
  OpenQuarantine(kept::Store::Handle root, const kept::Store::Handle& elsewhere, kept::PassRow row,
                 bool durable);

  kept::Store::Handle root;
  std::shared_ptr<kept::Store> store;
  kept::Recording recording;
  engine::Intentions intentions;
  engine::Quarantine disposal;
};

/// nullptr where none is asked for, or nothing will be changed. Throws Unusable.
std::unique_ptr<OpenQuarantine> open_quarantine(const Options& options, const OpenRoots& roots);

/// The folder for it that is not in the replica; nullptr where `path` is empty. Throws Unusable.
kept::Store::Handle open_elsewhere(const std::string& path, const filesystem::Directory& root,
                                   bool make);

/// Throws Unusable where passes onto the destination wait for an undo to be released.
void refuse_if_held(const Options& options, const OpenRoots& roots);

/// Ends what `quarantine` has of a pass that came to `summary`, and lets older ones expire. What
/// that came to, to be told.
std::vector<Event> close_quarantine(OpenQuarantine& quarantine, const Undo& limits,
                                    const Summary& summary);

}  // namespace syncline
