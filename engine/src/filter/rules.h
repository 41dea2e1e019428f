// Filter rules, compiled: which entries of the source are hidden from the mirroring, and which ones
// of the destination are protected from deletion. Pure: no disk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filter/glob.h"
#include "filter/path.h"

#include "syncline/filter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace syncline::filter {

/// By the rule that decides on an entry of the destination.
enum class Protection : std::uint8_t {
  none,
  excluded,  ///< it takes no part on either side
  kept,      ///< here alone: its like in the source does
};

/// Immutable, hence thread-safe.
class Rules {
 public:
  Rules() = default;
  explicit Rules(const std::vector<FilterRule>& rules, bool delete_excluded = false);

  [[nodiscard]] bool empty() const { return source_.empty() && destination_.empty(); }

  /// Some look at more of a path than its last name: what is moved may fall under others.
  [[nodiscard]] bool depend_on_place() const;
  /// So many names at the end of a path decide, for all of them where the path has no more, and
  /// that it has more where it has: nullopt: all do, however many.
  [[nodiscard]] std::optional<std::size_t> names_that_decide() const;

  /// Of the source: not to be mirrored, nor anything in it.
  [[nodiscard]] bool hides(const Path& path, bool is_folder) const;
  /// Of the destination: not to be deleted, nor anything in it, though the source lacks it.
  /// `in_extraneous`: the folder that holds it is to be deleted itself.
  [[nodiscard]] bool protects(const Path& path, bool is_folder, bool in_extraneous) const {
    return protection(path, is_folder, in_extraneous) != Protection::none;
  }
  [[nodiscard]] Protection protection(const Path& path, bool is_folder, bool in_extraneous) const;

 private:
  class Rule {
   public:
    explicit Rule(const FilterRule& rule);

    [[nodiscard]] bool applies(const Path& path, bool is_folder) const;
    [[nodiscard]] bool depends_on_place() const { return against_ != Against::name; }
    [[nodiscard]] std::optional<std::size_t> names_that_decide() const { return deciding_; }
    [[nodiscard]] bool includes() const { return includes_; }
    [[nodiscard]] bool is_perishable() const { return is_perishable_; }
    [[nodiscard]] bool is_of_destination() const { return is_of_destination_; }

   private:
    /// What of the path is matched.
    enum class Against : std::uint8_t { name, relative, rooted, absolute };
    /// Where in that a match may begin.
    enum class Begin : std::uint8_t { front, last_parts, any_part };

    [[nodiscard]] std::string_view subject(const Path& path, bool with_slash) const;
    [[nodiscard]] bool matches(std::string_view subject) const;

    Glob glob_;
    Against against_ = Against::relative;
    Begin begin_ = Begin::front;
    std::uint32_t parts_ = 0;  ///< how many, for `last_parts`
    std::optional<std::size_t> deciding_;
    bool for_folders_ = false;
    bool takes_slash_ = false;  ///< a folder's path has a slash at its end
    bool includes_ = false;
    bool is_negated_ = false;
    bool is_perishable_ = false;
    bool is_of_destination_ = false;  ///< and of nothing else
  };

  std::vector<Rule> source_;
  std::vector<Rule> destination_;
};

}  // namespace syncline::filter
