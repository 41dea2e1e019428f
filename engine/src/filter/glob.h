// rsync's wildcards, compiled once and matched without allocation.
//
// '?' is one byte and '*' any number of them, but no '/'; '**' any number of bytes. "[a-z]",
// "[!a-z]", "[^a-z]" and "[[:alpha:]]" are one byte, never '/'. A backslash takes its meaning from
// the byte behind it. Bytes are bytes: what is not ASCII belongs to no named class.
//
// A match need only go back to the last '*', and to the last '**' before it: whatever an earlier
// one could do by taking more, that one can do too. So the time is bounded by the product of both
// lengths for a '*', and once more by the text's for a '**', where trying everything is
// exponential.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace syncline::filter {

class Glob {
 public:
  /// Matches `text` alone.
  static Glob literal(std::string_view text);
  static Glob wildcards(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { byte, any, set, star, deep_star };
  struct Token {
    Kind kind = Kind::byte;
    char byte = 0;
    std::uint32_t set = 0;
  };
  using Set = std::bitset<256>;

  bool add_set(std::string_view& rest);
  [[nodiscard]] bool accepts(const Token& token, char byte) const;

  std::vector<Token> tokens_;
  std::vector<Set> sets_;
  bool is_possible_ = true;  ///< false: malformed, which matches nothing
};

}  // namespace syncline::filter
