// SPDX-License-Identifier: MIT
#include "syncline/pass_name.h"

#include <array>
#include <ctime>

namespace syncline {

std::string pass_name(std::chrono::system_clock::time_point began) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(began);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> name{};
  return {name.data(), std::strftime(name.data(), name.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

}  // namespace syncline
