// Users and groups by name, as chown(1) takes them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace syncline::cli {

struct Owners {
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
};

/// "USER", "USER:GROUP", ":GROUP", "USER:" (with the user's own group); names or numbers. Asks the
/// system's user database. Throws std::invalid_argument.
Owners parse_owners(std::string_view text);

}  // namespace syncline::cli
