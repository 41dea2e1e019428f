// Filter rules: which entries take part, in rsync's syntax.
//
// The grammar is that of rsync 3.2 and later (rsync(1), "FILTER RULES"). Rules are tried in order,
// the first one that matches an entry decides, and an entry that none matches takes part. A rule
// decides two things: whether an entry of the source is mirrored (if not, it is hidden, as if it
// were not there), and whether an entry that only the destination has is kept (if so, it is
// protected). A pattern that begins with '/' is anchored at the roots.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncline {

struct FilterRule {
  enum class Sides : std::uint8_t {
    usual,        ///< both; with Options::delete_excluded the source alone
    both,         ///< both, also with Options::delete_excluded
    source,       ///< hides or shows
    destination,  ///< protects, or puts at risk
  };

  std::string pattern;    ///< raw bytes, in rsync's syntax
  bool includes = false;  ///< what matches takes part; false: it is left out
  Sides sides = Sides::usual;
  bool is_negated = false;     ///< for entries that the pattern does not match
  bool is_absolute = false;    ///< matched with the path from the file system's root on
  bool is_perishable = false;  ///< does not count in a folder that is deleted itself
};

/// How the lines of a list are to be read.
struct FilterGrammar {
  enum class Form : std::uint8_t {
    rules,              ///< "- *.o", "P /kept", ". file"
    prefixed_patterns,  ///< a pattern; "- " or "+ " before it says otherwise; "!" clears
    patterns,           ///< a pattern and nothing else
  };

  Form form = Form::rules;
  /// What a rule is unless its line says otherwise; its pattern is ignored. If it names sides,
  /// lines must not.
  FilterRule usual = {};
};

/// What a line of a list says.
namespace filter_line {
struct Nothing {};
/// "!": forget all rules so far.
struct Clear {};
/// Read the rules in this file in place of this line.
struct Merge {
  std::string path;
  FilterGrammar grammar;
};
}  // namespace filter_line

using FilterLine =
    std::variant<filter_line::Nothing, filter_line::Clear, filter_line::Merge, FilterRule>;

/// What to use instead of a line that Syncline does not support.
enum class FilterAdvice : std::uint8_t {
  none,            ///< nothing, or FilterError::why() says it
  merge_one_file,  ///< a rule that merges one file, instead of a file in each folder
  name_patterns,   ///< a list of patterns
};

/// A line that cannot be understood. what() is one sentence: the line, and what is wrong with it.
class FilterError : public std::invalid_argument {
 public:
  FilterError(std::string_view line, const std::string& why,
              FilterAdvice advice = FilterAdvice::none)
      : std::invalid_argument(std::string{'\''}.append(line) + "': " + why),
        why_(why),
        advice_(advice) {}
  /// what() without the line: a message may be read by people who must not see the file.
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] FilterAdvice advice() const { return advice_; }

 private:
  std::string why_;
  FilterAdvice advice_;
};

/// Parses one line, without its line end. Reads no file: the caller reads the file of a Merge.
/// Throws FilterError. Thread-safe, as all functions here.
FilterLine parse_filter(std::string_view line, const FilterGrammar& grammar = {});

/// The lines of a list of rules or names, without empty ones and those that begin with '#' or ';'.
/// A line ends at a line feed or a carriage return, or with `zero_ended` only at a zero byte.
/// Throws std::invalid_argument for a zero byte in a list that is not `zero_ended`.
std::vector<std::string> lines_of_list(std::string_view content, bool zero_ended);

/// One of these lines, and where it stands.
struct ListLine {
  std::size_t number;  ///< from 1 on, as editors count
  std::string text;

  friend bool operator==(const ListLine&, const ListLine&) = default;
};

/// As lines_of_list(), with the numbers that messages name lines by.
std::vector<ListLine> numbered_lines_of_list(std::string_view content, bool zero_ended);

}  // namespace syncline
