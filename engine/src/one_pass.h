// A pass, for the verbs that are one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "opening/roots.h"
#include "pass/admission.h"

#include "syncline/mirror.h"

#include <functional>
#include <stop_token>
#include <string>

namespace syncline {

/// What is known once all is open, and before anything is told.
struct PassBegun {
  const OpenRoots& roots;
  index::Index* index;     ///< nullptr: none is used
  std::string index_path;  ///< empty: none is used
  std::string last_pass;   ///< the name of the last one that it remembers; empty: none
};

/// What a verb has of its own.
struct PassHooks {
  std::function<void(const PassBegun&)>
      began{};                             ///< what it throws ends the pass, and is thrown on
  engine::Admission* admission = nullptr;  ///< which steps may be done; nullptr: all
};

/// As mirror().
Summary one_pass(const Options& options, Observer& observer, std::stop_token stop,
                 ProgressProbe* progress, const PassHooks& hooks);

}  // namespace syncline
