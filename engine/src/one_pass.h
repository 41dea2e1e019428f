// A pass, for the verbs that are one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "opening/roots.h"

#include "syncline/mirror.h"

#include <functional>
#include <stop_token>
#include <string>

namespace syncline {

/// What is known once all is open, and before anything is told.
struct PassBegun {
  const OpenRoots& roots;
  std::string index;      ///< path; empty: none is used
  std::string last_pass;  ///< the name of the last one that it remembers; empty: none
};
using OnBegin = std::function<void(const PassBegun&)>;

/// As mirror(). What `on_begin` throws ends it, and is thrown on.
Summary one_pass(const Options& options, Observer& observer, std::stop_token stop,
                 ProgressProbe* progress, const OnBegin& on_begin);

}  // namespace syncline
