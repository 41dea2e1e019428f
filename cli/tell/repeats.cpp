// SPDX-License-Identifier: MIT
#include "tell/repeats.h"

#include "tell/failure_words.h"
#include "tell/notice_words.h"
#include "text/escape.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {
namespace {

constexpr std::uint64_t most_told = 100;
// There are some dozens. Whoever can bring words of his own into them shall not make more.
constexpr std::size_t most_kinds = 64;

// The words that all of a kind have.
std::string common_words(std::string_view text) {
  std::string words;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c < '0' || c > '9') {
      words += c;
    }
  }
  return words;
}

}  // namespace

bool Repeats::deserves_line(const std::string& kind, std::string_view words) {
  const bool is_one_too_many = kinds_.size() >= most_kinds && !kinds_.contains(kind);
  Kind& known = kinds_[is_one_too_many ? std::string{} : kind];
  if (known.count == 0) known.words = is_one_too_many ? "of other kinds" : one_line(words);
  return ++known.count <= most_told;
}

bool Repeats::deserves_line(const Failure& failure) {
  return deserves_line(fmt::format("{} {} {} {}", to_string(failure.code), failure.error_number,
                                   common_words(failure.operation), common_words(failure.cause)),
                       failure_words(failure));
}

bool Repeats::deserves_line(const Notice& notice) {
  return deserves_line(fmt::format("{} {}", to_string(notice.code), common_words(notice.cause)),
                       notice_words(notice));
}

std::vector<std::string> Repeats::rest() const {
  std::vector<std::string> lines;
  for (const auto& [name, kind] : kinds_)
    if (kind.count > most_told)
      lines.push_back(
          fmt::format("and {} more such: {}", grouped(kind.count - most_told), kind.words));
  return lines;
}

}  // namespace syncline::cli
