// SPDX-License-Identifier: MIT
#include "text/display_width.h"

#include <utf8proc.h>

#include <algorithm>

namespace syncline::cli {
namespace {

struct Glyph {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

Glyph first_glyph(std::string_view text) {
  utf8proc_int32_t code_point = 0;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto length =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (length <= 0) return {};
  return {.bytes = static_cast<std::size_t>(length),
          .columns = static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code_point)))};
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return columns;
}

std::string end_within(std::string_view text, std::size_t columns) {
  std::size_t left = columns_of(text);
  if (left <= columns) return std::string(text);
  if (columns == 0) return {};
  // Combining marks go with the character that they are on.
  for (bool cutting = true; !text.empty() && cutting;) {
    const Glyph glyph = first_glyph(text);
    cutting = left > columns - 1 || glyph.columns == 0;
    if (!cutting) break;
    left -= glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return "…" + std::string(text);
}

}  // namespace syncline::cli
