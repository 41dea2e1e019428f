// Parts of a sentence put together. fmt::join() would do, but for g++ 12 at -O3, which sees an
// overflow in it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

inline std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (!joined.empty()) joined += separator;
    joined += part;
  }
  return joined;
}

}  // namespace syncline::cli
