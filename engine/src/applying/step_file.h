// The steps of a plan, found by their paths: on disk, for there may be as many as a tree has
// entries.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "applying/packed_step.h"
#include "applying/record_file.h"
#include "filesystem/scratch_memory.h"
#include "tag/tagger.h"

#include "syncline/plan.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace syncline::applying {

/// Thread-safe once it is filled. Members throw SqliteError, as those of any list on disk.
class StepFile {
 public:
  struct Found {
    std::uint64_t number = 0;
    PackedStep step{};
  };

  /// Of all steps of `plan`, each of which `seen` gets, too.
  StepFile(PlanReader& plan, const std::function<void(const PlanStep&)>& seen);

  /// In no order.
  [[nodiscard]] std::vector<Found> find(std::string_view path) const;
  void for_each_path(const std::function<void(std::string_view path)>& use) const;

 private:
  /// Where a path is looked for first, and how it is told from others there.
  struct Place {
    std::size_t slot = 0;
    std::uint64_t mark = 0;
  };

  void add(const PlanStep& step);
  [[nodiscard]] Place place_of(std::string_view path) const;

  const tag::Tagger tagger_;  ///< by a secret of its own: who names files cannot make them meet
  RecordFile records_;
  const filesystem::ScratchMemory memory_;
  const std::span<std::uint64_t> slots_;  ///< a hash table with linear probing
};

}  // namespace syncline::applying
