// SPDX-License-Identifier: MIT
#include "arguments/mode_changes.h"

#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace syncline::cli {
namespace {

constexpr std::uint32_t all_bits = 07777;
constexpr std::uint32_t search_bits = 0111;
constexpr std::uint32_t set_user = 04000;
constexpr std::uint32_t set_group = 02000;
constexpr std::uint32_t sticky = 01000;

/// A class of users: its rights begin at bit `shift`, and one special bit goes with it.
struct Who {
  char letter;
  unsigned shift;
  std::uint32_t special;
};
constexpr Who classes[] = {{'u', 6, set_user}, {'g', 3, set_group}, {'o', 0, 0}};

const Who* class_of(char letter) {
  const auto* const found = std::ranges::find(classes, letter, &Who::letter);
  return found == std::end(classes) ? nullptr : found;
}

/// One clause being read, from left to right.
class Clause {
 public:
  Clause(std::string_view text, std::uint32_t umask) : rest_(text), umask_(umask) {}

  /// nullopt: it makes no sense.
  std::optional<ModeChange> parse() {
    if (take('D')) change_.to_others = false;
    if (change_.to_others && take('F')) change_.to_folders = false;
    if (!rest_.empty() && rest_.find_first_not_of("01234567") == std::string_view::npos)
      return octal();
    while (!rest_.empty() && take_class()) {
    }
    if (rest_.empty()) return std::nullopt;
    operation_ = rest_.front();
    if (operation_ != '+' && operation_ != '-' && operation_ != '=') return std::nullopt;
    rest_.remove_prefix(1);
    return rest_.size() == 1 && class_of(rest_.front()) != nullptr ? copied() : listed();
  }

 private:
  bool take(char letter) {
    if (!rest_.starts_with(letter)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_class() {
    if (take('a')) {
      named_ = search_bits;
      special_ |= set_user | set_group;
      return true;
    }
    for (const Who& who : classes) {
      if (!take(who.letter)) continue;
      named_ |= 1U << who.shift;
      special_ |= who.special;
      return true;
    }
    return false;
  }

  std::optional<ModeChange> octal() {
    constexpr std::size_t most_digits = 4;
    if (rest_.size() > most_digits) return std::nullopt;
    for (const char digit : rest_)
      change_.add = change_.add << 3U | static_cast<std::uint32_t>(digit - '0');
    return change_;
  }

  /// The bits of the classes that are meant: all but those of the umask where none is named.
  [[nodiscard]] std::uint32_t reach() const { return named_ != 0 ? named_ * 07 : 0777 & ~umask_; }
  [[nodiscard]] std::uint32_t cleared() const { return (named_ != 0 ? named_ : search_bits) * 07; }

  std::optional<ModeChange> copied() {
    change_.copy_from = class_of(rest_.front())->shift;
    change_.copy_to = reach();
    change_.copy = operation_ == '-' ? ModeChange::Copy::remove : ModeChange::Copy::add;
    change_.keep = all_bits;
    if (operation_ == '=') {
      change_.keep &= ~cleared();
      for (const Who& who : classes)
        if (named_ == 0 || (named_ >> who.shift & 1U) != 0)
          change_.keep &= ~(who.letter == 'o' ? sticky : who.special);
    }
    return change_;
  }

  std::optional<ModeChange> listed() {
    std::uint32_t rights = 0;
    std::uint32_t special = 0;
    bool is_conditional = false;
    for (const char letter : rest_) {
      if (letter == 'r') {
        rights |= 04;
      } else if (letter == 'w') {
        rights |= 02;
      } else if (letter == 'x') {
        rights |= 01;
      } else if (letter == 'X') {
        rights |= 01;
        is_conditional = true;
      } else if (letter == 's') {
        special |= special_ != 0 ? special_ : set_user;
      } else if (letter == 't') {
        special |= sticky;
      } else {
        return std::nullopt;
      }
    }
    const std::uint32_t bits = (search_bits * rights & reach()) | special;
    change_.keep = all_bits;
    if (operation_ == '-') {
      change_.keep &= ~bits;
      return change_;
    }
    if (operation_ == '=') change_.keep &= ~(cleared() | (special != 0 ? special_ : 0));
    change_.add = is_conditional ? bits & ~search_bits : bits;
    change_.search = is_conditional ? bits & search_bits : 0;
    return change_;
  }

  std::string_view rest_;
  const std::uint32_t umask_;
  ModeChange change_;
  char operation_ = '=';
  std::uint32_t named_ = 0;    ///< of each class that is named, the bit for searching
  std::uint32_t special_ = 0;  ///< and the special ones that go with them
};

}  // namespace

std::vector<ModeChange> parse_mode_changes(std::string_view text, std::uint32_t umask) {
  std::vector<ModeChange> changes;
  while (true) {
    const std::string_view clause = text.substr(0, text.find(','));
    const auto change = Clause{clause, umask}.parse();
    if (!change)
      throw std::invalid_argument(fmt::format(
          "must be modes such as Du=rwx,go=rx or F644, between commas, not '{}'", escape(clause)));
    changes.push_back(*change);
    if (clause.size() == text.size()) return changes;
    text.remove_prefix(clause.size() + 1);
  }
}

}  // namespace syncline::cli
