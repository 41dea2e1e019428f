// Second stage: the next names of a folder are looked at on both sides and sorted by what has to
// happen to them. It decides and writes nothing; entries that are the same end here.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "walk/batch.h"
#include "walk/steps.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncline::engine {

/// Names of a folder that are met.
struct Meeting {
  FolderRef folder;
  Batch batch;
};

/// The next names of `folder`, `most` of them or what is left; none after `upto`. Changes what is
/// still to be handed out: by one thread at a time.
Batch next_batch(Folder& folder, std::size_t most, const std::optional<std::string>& upto = {});

/// Likewise of `folders`, which are one folder of the source: up to one and the same name. Those
/// that have none up to there and more after it are left out; those of a pass that is stopping
/// meet none.
std::vector<Meeting> next_meetings(std::span<const FolderRef> folders, std::size_t most);

Steps reconcile(const Meeting& meeting);
/// Likewise for each; the source is looked at once. Their folders are one folder of it.
std::vector<Steps> reconcile(std::span<const Meeting> meetings);

}  // namespace syncline::engine
