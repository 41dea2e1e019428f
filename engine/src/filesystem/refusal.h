// What became of metadata that could not be set.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/explained.h"
#include "model/metadata.h"

#include <optional>

namespace syncline::filesystem {

struct Refusal {
  MetadataChange pieces{};                  ///< what cannot be set, each by itself
  MetadataChange postponed{};               ///< what could not be set for now, likewise
  std::optional<ExplainedError> failure{};  ///< how the first of these failed
  Holds holds{};                            ///< false: of that the file system has nothing at all
  bool is_want_of_right = false;            ///< the reason for some of the pieces
};

}  // namespace syncline::filesystem
