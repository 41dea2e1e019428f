// What became of metadata that could not be set.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/explained.h"
#include "model/metadata.h"

#include <cstdint>
#include <optional>

namespace syncline::filesystem {

/// What the rights of an entry are before they are set.
enum class RightsBefore : std::uint8_t {
  seen,  ///< it was looked at, its list of access too: what is right already is not set
  none,  ///< it was made for us alone: to set them is what opens it to others
};

struct Refusal {
  MetadataChange pieces{};                  ///< what cannot be set, each by itself
  MetadataChange postponed{};               ///< what could not be set for now, likewise
  std::optional<ExplainedError> failure{};  ///< how the first of these failed
  Holds holds{};                            ///< false: of that the file system has nothing at all
  bool is_want_of_right = false;            ///< the reason for some of the pieces
};

}  // namespace syncline::filesystem
