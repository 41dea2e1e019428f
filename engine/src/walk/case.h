// One name of a batch at work.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "judge/compare.h"
#include "judge/standing.h"
#include "model/entry.h"
#include "model/exception.h"
#include "model/metadata.h"
#include "walk/batch.h"
#include "walk/batch_links.h"
#include "walk/moved_files.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace syncline::engine {

/// What is there, and what that comes to.
struct Case {
  const std::string& name;
  std::optional<Entry>& source;
  std::optional<Entry>& destination;
  const Chosen* const chosen;  ///< nullptr: it is what the walk meets
  ExceptionRef exception{};    ///< what is remembered of its metadata
  Found found{};
  std::uint32_t names_there = 0;  ///< of what the destination has
  Standing standing = Standing::unknown;
  Verdict verdict = verdict::Same{};
  std::optional<Means> means{};  ///< set once it is judged
  std::optional<index::LinkGroup> leads{};

  [[nodiscard]] bool is_file() const { return source && source->kind == Kind::file; }
  [[nodiscard]] bool is_of_group() const { return chosen == nullptr && has_more_names(source); }
  [[nodiscard]] std::optional<std::uint64_t> apart_from() const {
    return chosen != nullptr ? chosen->apart_from : std::nullopt;
  }
  template <typename Kind>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<Kind>(verdict);
  }
};

}  // namespace syncline::engine
