// SPDX-License-Identifier: MIT
#include "model/case_folding.h"

#include <clocale>
#include <cwchar>
#include <cwctype>

namespace syncline {
namespace {

// glibc's table of Unicode's simple cases. Where it is missing ASCII is left.
locale_t unicode() {
  static const locale_t loaded = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return loaded;
}

wint_t lower(wint_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  return unicode() == nullptr ? c : towlower_l(c, unicode());
}

wint_t upper(wint_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
  return unicode() == nullptr ? c : towupper_l(c, unicode());
}

struct Character {
  wint_t code = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};

Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {.code = lead, .bytes = 1, .is_valid = true};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  wint_t code = lead & (0x7fU >> bytes);
  for (const char next : text.substr(1, bytes - 1)) {
    const auto bits = static_cast<unsigned char>(next);
    if ((bits & 0xc0U) != 0x80U) return {};
    code = (code << 6U) | (bits & 0x3fU);
  }
  return {.code = code, .bytes = bytes, .is_valid = true};
}

void append(wint_t code, std::string& text) {
  const auto byte = [&](wint_t bits) { text += static_cast<char>(bits); };
  const auto rest = [&](unsigned shift) { byte(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0U | (code >> 6U));
    rest(0);
  } else if (code < 0x10000) {
    byte(0xe0U | (code >> 12U));
    rest(6);
    rest(0);
  } else {
    byte(0xf0U | (code >> 18U));
    rest(12);
    rest(6);
    rest(0);
  }
}

template <typename Map>
std::string mapped(std::string_view name, Map map) {
  std::string result;
  result.reserve(name.size());
  while (!name.empty()) {
    const Character c = first_of(name);
    if (c.is_valid)
      append(map(c.code), result);
    else
      result += name.front();
    name.remove_prefix(c.bytes);
  }
  return result;
}

}  // namespace

std::string fold_case(std::string_view name) {
  return mapped(name, lower);
}

std::string toggle_case(std::string_view name) {
  return mapped(name, [](wint_t c) { return lower(c) == c ? upper(c) : lower(c); });
}

}  // namespace syncline
