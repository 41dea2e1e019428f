// SPDX-License-Identifier: MIT
#include "plan/count.h"

#include <cstdint>

namespace syncline::planning {

void count(PlanTotals& totals, const Action& action) {
  const Tally one{.entries = 1, .bytes = action.bytes};
  switch (action.verb) {
    case Verb::create:
      totals.created = totals.created + one;
      break;
    case Verb::update:
    case Verb::replace:
      totals.updated = totals.updated + one;
      break;
    case Verb::move:
      if (action.kind == Kind::folder)
        ++totals.moved_folders;
      else
        totals.moved =
            totals.moved + Tally{1, action.properties ? action.properties->size : std::uint64_t{0}};
      break;
    case Verb::set_metadata:
      ++totals.metadata_set;
      break;
    case Verb::remove:
      totals.removed = totals.removed + one;
      break;
    case Verb::clean:
      ++totals.cleaned;
      break;
    case Verb::check:
      totals.to_prove = totals.to_prove + one;
      break;
    case Verb::keep:
      break;
  }
}

}  // namespace syncline::planning
