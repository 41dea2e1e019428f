// What a step has to meet, in as few bytes as that takes: a plan has one for each of its steps on
// disk while it is applied.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::applying {

struct PackedStep {
  struct Folder {
    std::uint64_t made_by = 0;  ///< number of the step that does; 0: it was there
    FileId id{};
  };
  Verb verb{};
  bool is_link = false;
  std::optional<Precondition> source{};
  std::optional<Precondition> destination{};
  std::optional<Precondition> exchanged{};
  Folder in{};
  std::optional<Preconditions::Rights> rights{};
};

/// For this machine and this run alone.
std::string packed(const PlanStep& step);
/// Of what packed() returned.
PackedStep unpacked(std::string_view bytes);

}  // namespace syncline::applying
