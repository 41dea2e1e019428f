// SPDX-License-Identifier: MIT
#include "arguments/info_words.h"

#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace syncline::cli {

void add_info(std::string_view list, InfoWords& words) {
  // Those of rsync 3.5 (rsync --info=help).
  constexpr std::array<std::string_view, 15> known{
      "ALL",  "BACKUP", "COPY",     "DEL",    "FLIST", "MISC",  "MOUNT",  "NAME",
      "NONE", "NONREG", "PROGRESS", "REMOVE", "SKIP",  "STATS", "SYMSAFE"};
  while (true) {
    const std::string_view item = list.substr(0, list.find(','));
    const std::size_t letters = item.find_last_not_of("0123456789") + 1;
    std::string word{item.substr(0, letters)};
    for (char& letter : word)
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (std::ranges::find(known, word) == known.end())
      throw std::invalid_argument(fmt::format(
          "knows no '{}': there are ALL, BACKUP, COPY, DEL, FLIST, MISC, MOUNT, NAME, NONE, "
          "NONREG, "
          "PROGRESS, REMOVE, SKIP, STATS and SYMSAFE, each perhaps with a level behind it",
          escape(item)));
    const std::string_view digits = item.substr(letters);
    const bool is_none = word == "NONE" || (!digits.empty() && digits.find_first_not_of('0') ==
                                                                   std::string_view::npos);
    const bool is_more = !is_none && !digits.empty() && digits != "1";
    const bool is_all = word == "ALL" || word == "NONE";
    if (is_all || word == "PROGRESS") words.progress = !is_none;
    if (is_all || word == "NAME") words.names = !is_none;
    if (is_all || word == "STATS") words.stats = is_more;
    if (item.size() == list.size()) return;
    list.remove_prefix(item.size() + 1);
  }
}

}  // namespace syncline::cli
