// What is written down of a plan, line by line: a header, the steps, totals, and the end, which
// seals all before it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/sha256.h"

#include "syncline/plan.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::planning {

/// Raised whenever a plan says something in another way, or something more.
inline constexpr std::uint64_t schema = 1;

/// A path of a tree that is mirrored may have any length; a plan that has one for which this is not
/// enough is refused, so that whoever reads plans needs no more memory than that.
inline constexpr std::size_t most_line_bytes = std::size_t{4} << 20U;

/// How a step begins, and the totals and the end: by that lines are told apart unread.
std::string beginning_of_step(std::uint64_t number);
inline constexpr std::string_view beginning_of_plan = R"({"type":"plan","schema":)";
inline constexpr std::string_view beginning_of_totals = R"({"type":"totals",)";
inline constexpr std::string_view beginning_of_end = R"({"type":"end",)";

std::string hex(const md5::Sha256& sum);

/// Each without a line feed.
std::string header_line(const PlanHeader& header);
void append_step(std::string& out, const PlanStep& step);
std::string totals_line(const PlanTotals& totals);
std::string end_line(std::uint64_t steps, const md5::Sha256& of_all_before);

}  // namespace syncline::planning
