// What a step has to meet, in as few bytes as that takes: a plan has one for each of its steps on
// disk while it is applied.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/plan.h"

#include <optional>
#include <string>
#include <string_view>

namespace syncline::applying {

struct PackedStep {
  struct Folder {
    bool is_made = false;  ///< by another step
    FileId id{};
  };
  Verb verb{};
  bool is_link = false;
  std::optional<Precondition> source{};
  std::optional<Precondition> destination{};
  std::optional<Precondition> exchanged{};
  Folder in{};
  std::optional<Folder> from{};
};

/// For this machine and this run alone.
std::string packed(const PlanStep& step);
/// Of what packed() returned.
PackedStep unpacked(std::string_view bytes);

}  // namespace syncline::applying
