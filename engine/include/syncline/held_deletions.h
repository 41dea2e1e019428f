// Why a pass deleted nothing though the source lacks entries: not everything could be seen, or the
// guard (deletion::Guarded, ...) did not allow so much.
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
  unseen,        ///< because of `failure`, and `more` like it
  list_lost,     ///< the list of deletions could not be kept, because of `failure`
  index_failed,  ///< because of `cause`
  uncounted,     ///< the index counts deletions, and failed

  // The guard holds deletions back. What would allow them:
  index_begun_anew,  ///< the index is a new one, so earlier deletions are forgotten: once
                     ///< Options::adopt or deletion::Unlimited
  unknown_pair,      ///< more than 10 %, and no index is used: deletion::Unlimited, or a limit
  first_pass,        ///< more than 10 %, and no pass has ended well yet: a limit only
  empty_source,      ///< the source is empty, and no pass has ended well yet: a limit only
  too_many_a_day,    ///< more than 25 % within 24 hours: deletion::Unlimited, or a limit
  too_many_entries,  ///< more than deletion::AtMostEntries allows, which is `most`
  too_many_percent,  ///< more than deletion::AtMostPercent allows, which is `most`
};
/// "unseen", ...: stays the same from version to version.
const char* to_string(HeldCode code);

struct HeldDeletions {
  HeldCode code{};
  std::optional<Failure> failure{};
  std::string cause{};  ///< for people: a part of a sentence
  std::uint64_t more = 0;
  Tally wanted{};                       ///< what would be deleted
  Tally held{};                         ///< all that the destination holds
  Tally removed{};                      ///< deleted within the last 24 hours by deletion::Guarded
  std::vector<std::string> examples{};  ///< paths of what would be deleted, shortened for people
  std::string nested{};                 ///< the folder that may have been meant as destination
  bool needs_limit = false;  ///< deletion::Unlimited is not enough: no pass has ended well yet
  double most = 0;           ///< the limit, in entries or per cent
  std::uint64_t passes = 0;  ///< in how many passes in a row; 0: in this one only

  /// False: not everything could be seen or remembered.
  [[nodiscard]] bool by_guard() const { return code >= HeldCode::index_begun_anew; }
};

}  // namespace syncline
