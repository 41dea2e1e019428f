// Whether a pass looks into files.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

namespace syncline {

/// Contents are compared, and what was proved is remembered; false: in a dry run that reads
/// nothing.
inline bool reads_contents(const Options& options) {
  return !options.dry_run || options.rehash || options.read_to_decide;
}

}  // namespace syncline
