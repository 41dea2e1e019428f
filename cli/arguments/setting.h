// What is said elsewhere than on the command line.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::cli {

struct Setting {
  std::string key;     ///< a long option's name without its dashes, or "source" or "destination"
  std::string value;   ///< bytes, none of them NUL
  std::string origin;  ///< where it is said, for people: "/etc/syncline/nas.conf, line 3"
};

}  // namespace syncline::cli
