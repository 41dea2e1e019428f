// SPDX-License-Identifier: MIT
#pragma once

#include "applying/step_file.h"
#include "index/sqlite.h"

#include <string_view>

namespace syncline::applying {

/// The folders that steps take place in, or below them. Not thread-safe. Members throw SqliteError.
class FoldersWithSteps {
 public:
  explicit FoldersWithSteps(const StepFile& steps);

  [[nodiscard]] bool has(std::string_view folder);

 private:
  index::Connection connection_;
  index::Statement find_;
};

}  // namespace syncline::applying
