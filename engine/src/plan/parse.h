// What a line of a plan says. Whatever bytes it is made of: a line is read exactly, or refused.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/sha256.h"
#include "plan/malformed.h"

#include "syncline/plan.h"

#include <cstdint>
#include <string_view>

namespace syncline::planning {

// All of these throw Malformed, and for a line that says the same in another way, too.

/// The schema that a header names; the rest is not looked at.
std::uint64_t schema_in(std::string_view header);
PlanHeader parse_header(std::string_view line);
PlanStep parse_step(std::string_view line);
PlanTotals parse_totals(std::string_view line);
/// How many steps there are.
std::uint64_t parse_end(std::string_view line, const md5::Sha256& of_all_before);

}  // namespace syncline::planning
