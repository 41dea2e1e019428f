// What steps come to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/plan.h"

namespace syncline::planning {

void count(PlanTotals& totals, const Action& action);

}  // namespace syncline::planning
