// SPDX-License-Identifier: MIT
#include "filter/glob.h"

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace syncline::filter {
namespace {

constexpr bool is_between(unsigned byte, unsigned low, unsigned high) {
  return low <= byte && byte <= high;
}
constexpr bool is_digit(unsigned byte) {
  return is_between(byte, '0', '9');
}
constexpr bool is_lower(unsigned byte) {
  return is_between(byte, 'a', 'z');
}
constexpr bool is_upper(unsigned byte) {
  return is_between(byte, 'A', 'Z');
}
constexpr bool is_alpha(unsigned byte) {
  return is_lower(byte) || is_upper(byte);
}
constexpr bool is_alnum(unsigned byte) {
  return is_alpha(byte) || is_digit(byte);
}
constexpr bool is_graph(unsigned byte) {
  return is_between(byte, '!', '~');
}

// The classes of POSIX in the C locale, whatever the user's is: a rule must mean the same in a
// terminal and under cron.
struct NamedClass {
  std::string_view name;
  bool (*holds)(unsigned byte);
};
constexpr std::array<NamedClass, 12> named_classes{{
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", [](unsigned byte) { return byte == ' ' || byte == '\t'; }},
    {"cntrl", [](unsigned byte) { return byte < ' ' || byte == 0x7f; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned byte) { return byte == ' ' || is_graph(byte); }},
    {"punct", [](unsigned byte) { return is_graph(byte) && !is_alnum(byte); }},
    {"space", [](unsigned byte) { return byte == ' ' || is_between(byte, '\t', '\r'); }},
    {"upper", is_upper},
    {"xdigit",
     [](unsigned byte) {
       return is_digit(byte) || is_between(byte, 'a', 'f') || is_between(byte, 'A', 'F');
     }},
}};

constexpr unsigned as_unsigned(char byte) {
  return static_cast<unsigned char>(byte);
}

/// Takes "[:name:]" off `rest`, which begins with "[:". nullopt where it is none, and the '['
/// stands for itself; an empty name where no class has that one.
std::optional<NamedClass> take_named_class(std::string_view& rest, bool& is_malformed) {
  const std::size_t end = rest.find(']', 2);
  if (end == std::string_view::npos) {
    is_malformed = true;
    return std::nullopt;
  }
  if (end == 2 || rest[end - 1] != ':') return std::nullopt;
  const std::string_view name = end == 3 ? std::string_view{} : rest.substr(2, end - 3);
  rest.remove_prefix(end + 1);
  for (const NamedClass& known : named_classes)
    if (known.name == name) return known;
  is_malformed = true;
  return std::nullopt;
}

}  // namespace

Glob Glob::literal(std::string_view text) {
  Glob glob;
  for (const char byte : text) glob.tokens_.push_back({Kind::byte, byte});
  return glob;
}

Glob Glob::wildcards(std::string_view pattern) {
  Glob glob;
  while (!pattern.empty() && glob.is_possible_) {
    const char byte = pattern.front();
    pattern.remove_prefix(1);
    if (byte == '\\') {
      glob.is_possible_ = !pattern.empty();
      if (!glob.is_possible_) break;
      glob.tokens_.push_back({Kind::byte, pattern.front()});
      pattern.remove_prefix(1);
    } else if (byte == '?') {
      glob.tokens_.push_back({Kind::any});
    } else if (byte == '*') {
      const bool is_deep = pattern.starts_with('*');
      while (pattern.starts_with('*')) pattern.remove_prefix(1);
      glob.tokens_.push_back({is_deep ? Kind::deep_star : Kind::star});
    } else if (byte == '[') {
      glob.is_possible_ = glob.add_set(pattern);
    } else {
      glob.tokens_.push_back({Kind::byte, byte});
    }
  }
  return glob;
}

// `rest` is what is behind the '['; false where no ']' ends it. The first byte is never that end.
bool Glob::add_set(std::string_view& rest) {
  Set set;
  const bool is_negated = rest.starts_with('!') || rest.starts_with('^');
  if (is_negated) rest.remove_prefix(1);
  constexpr unsigned none = 256;
  unsigned low = none;  // what a '-' would make the begin of a range
  bool is_first = true;
  while (true) {
    if (rest.empty()) return false;
    char byte = rest.front();
    if (byte == ']' && !is_first) break;
    is_first = false;
    if (byte == '-' && low != none && rest.size() > 1 && rest[1] != ']') {
      rest.remove_prefix(1);
      if (rest.front() == '\\') rest.remove_prefix(1);
      if (rest.empty()) return false;
      for (unsigned each = low; each <= as_unsigned(rest.front()); ++each) set.set(each);
      rest.remove_prefix(1);
      low = none;
      continue;
    }
    if (rest.starts_with("[:")) {
      bool is_malformed = false;
      const auto named = take_named_class(rest, is_malformed);
      if (is_malformed) return false;
      if (named) {
        for (unsigned each = 0; each < set.size(); ++each)
          if (named->holds(each)) set.set(each);
        low = none;
        continue;
      }
    } else if (byte == '\\') {
      rest.remove_prefix(1);
      if (rest.empty()) return false;
      byte = rest.front();
    }
    set.set(as_unsigned(byte));
    low = as_unsigned(byte);
    rest.remove_prefix(1);
  }
  rest.remove_prefix(1);
  if (is_negated) set.flip();
  set.reset('/');
  tokens_.push_back({Kind::set, 0, static_cast<std::uint32_t>(sets_.size())});
  sets_.push_back(set);
  return true;
}

bool Glob::accepts(const Token& token, char byte) const {
  switch (token.kind) {
    case Kind::byte:
      return byte == token.byte;
    case Kind::any:
      return byte != '/';
    case Kind::set:
      return sets_[token.set][as_unsigned(byte)];
    default:
      return false;
  }
}

bool Glob::matches(std::string_view text) const {
  if (!is_possible_) return false;
  // Most names end otherwise than most patterns.
  if (!tokens_.empty() && tokens_.back().kind == Kind::byte &&
      (text.empty() || text.back() != tokens_.back().byte))
    return false;

  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  // Where to go on if what follows the star fails: it takes one byte more.
  struct Retry {
    std::size_t token = none;
    std::size_t text = 0;
  };
  Retry star;
  Retry deep_star;
  std::size_t token = 0;
  std::size_t at = 0;
  while (true) {
    if (token == tokens_.size()) {
      if (at == text.size()) return true;
      if (token == deep_star.token) return true;
    } else if (tokens_[token].kind == Kind::star) {
      star = {.token = ++token, .text = at};
      continue;
    } else if (tokens_[token].kind == Kind::deep_star) {
      deep_star = {.token = ++token, .text = at};
      star = {};
      continue;
    } else if (at == text.size()) {
      return false;  // and a star that takes more leaves even less
    } else if (accepts(tokens_[token], text[at])) {
      ++token;
      ++at;
      continue;
    }
    if (star.token != none && text[star.text] != '/') {
      token = star.token;
      at = ++star.text;
    } else if (deep_star.token != none) {
      token = deep_star.token;
      at = ++deep_star.text;
      star = {};
    } else {
      return false;
    }
  }
}

}  // namespace syncline::filter
