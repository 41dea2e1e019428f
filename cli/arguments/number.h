// Numbers in values, and the refusal of a value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace syncline::cli {

/// Only where all of `text` is the number and the type can hold it.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

[[noreturn]] inline void refuse_value(std::string_view expected, std::string_view found) {
  throw std::invalid_argument(fmt::format("must be {}, not '{}'", expected, escape(found)));
}

}  // namespace syncline::cli
