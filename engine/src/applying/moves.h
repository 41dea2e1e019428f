// What a plan moves, and what of it was moved by now.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/sqlite.h"

#include "syncline/identity.h"
#include "syncline/plan.h"

#include <string>
#include <string_view>

namespace syncline::applying {

/// Not thread-safe. Members throw SqliteError.
class Moves {
 public:
  Moves();

  void plan(const PlanStep& step);
  [[nodiscard]] bool any() const { return any_; }
  /// By the id that it had when the plan was made.
  [[nodiscard]] bool is_planned(const FileId& id);
  /// Something goes from there, and something else comes.
  [[nodiscard]] bool is_exchanged_from(std::string_view path);

  /// By the id that it has now.
  void note_done(const FileId& id);
  [[nodiscard]] bool is_done(const FileId& id);
  void forget_done();

 private:
  index::Connection connection_;
  index::Statement add_planned_;
  index::Statement find_planned_;
  index::Statement add_exchanged_from_;
  index::Statement find_exchanged_from_;
  index::Statement add_done_;
  index::Statement find_done_;
  bool any_ = false;
};

}  // namespace syncline::applying
