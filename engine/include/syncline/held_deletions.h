// Why nothing was deleted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/failure.h"
#include "syncline/tally.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline {

enum class HeldCode : std::uint8_t {
  // Not everything could be seen, or remembered.
  unseen,        ///< `failure` says what; and `more` such
  list_lost,     ///< the list of what is to be deleted; likewise
  index_failed,  ///< for `cause`; likewise
  uncounted,     ///< the index, which counts deletions, failed

  // The guard holds them back, as long as nobody allows them.
  index_begun_anew,  ///< what was deleted lately is forgotten; Options::adopt or
                     ///< deletion::Unlimited allows it, once
  unknown_pair,      ///< more than a tenth, and no index is kept; deletion::Unlimited or a limit
  first_pass,        ///< more than a tenth, and no pass has ended well yet; a limit alone
  empty_source,      ///< likewise
  too_many_a_day,    ///< more than a quarter within 24 hours; deletion::Unlimited or a limit
  too_many_entries,  ///< more than deletion::AtMostEntries allows, which is `most`
  too_many_percent,  ///< more than deletion::AtMostPercent allows, which is `most`
};
/// "unseen", ...: stays the same from version to version.
const char* to_string(HeldCode code);

struct HeldDeletions {
  HeldCode code{};
  std::optional<Failure> failure{};
  std::string cause{};  ///< a clause
  std::uint64_t more = 0;
  Tally wanted{};                       ///< what would go
  Tally held{};                         ///< what the destination holds
  Tally removed{};                      ///< within the last 24 hours, nobody having asked for it
  std::vector<std::string> examples{};  ///< of what would go, as it shall be shown
  std::string nested{};                 ///< the folder that may have been meant for the destination
  bool needs_limit = false;  ///< deletion::Unlimited is not enough, before a pass has ended well
  double most = 0;
  std::uint64_t passes = 0;  ///< so many in a row, where that is more than this one

  [[nodiscard]] bool by_guard() const { return code >= HeldCode::index_begun_anew; }
};

}  // namespace syncline
