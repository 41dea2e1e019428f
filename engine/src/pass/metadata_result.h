// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/explained.h"
#include "model/exception.h"
#include "model/metadata.h"

#include <memory>

namespace syncline::engine {

/// What became of an entry's metadata.
struct MetadataResult {
  MetadataChange lacking{};  ///< what it does not have of what was wanted
  bool has_set = false;      ///< something that differed is other than it was
  ExceptionRef exception{};  ///< what to remember of it
  /// Why some of it could not be set for now: it is to be tried again.
  std::shared_ptr<const filesystem::ExplainedError> failure{};
};

}  // namespace syncline::engine
