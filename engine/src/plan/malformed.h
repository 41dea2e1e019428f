// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace syncline::planning {

/// It is no such line.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace syncline::planning
