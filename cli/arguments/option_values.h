// What the values of options are made into, and how a value that cannot be is refused.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/refusal.h"

#include <CLI/CLI.hpp>
#include <spdlog/fmt/fmt.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace syncline::cli {

inline bool given(const CLI::Option& option) {
  return option.count() != 0;
}

/// What `parse` makes of `text`, or a refusal that names `what` it stands for, and the help of
/// `verb`.
template <typename Parse>
auto parsed(const std::string& what, const std::string& text, Parse parse,
            std::string_view verb = {}) {
  try {
    return parse(text);
  } catch (const std::invalid_argument& error) {
    refuse(fmt::format("{} {}", what, error.what()), verb);
  }
}

/// What `parse` makes of the value of `option`, the last one if there are several.
template <typename Parse>
auto last_value_of(const CLI::Option& option, Parse parse)
    -> std::optional<decltype(parse(std::string()))> {
  if (!given(option)) return std::nullopt;
  return parsed(option.get_name(), option.results().back(), parse);
}

/// Likewise; several are refused.
template <typename Parse>
auto value_of(const CLI::Option& option, Parse parse)
    -> std::optional<decltype(parse(std::string()))> {
  if (option.count() > 1) refuse(option.get_name() + " is given twice");
  return last_value_of(option, parse);
}

}  // namespace syncline::cli
