// SPDX-License-Identifier: MIT
#include "arguments/plan.h"

#include "arguments/contradictions.h"
#include "arguments/option_values.h"
#include "arguments/pass_options.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>

namespace syncline::cli {
namespace {

constexpr std::string_view verb = "plan";

// Apart from the word "plan", which comes first. Settings have no part in it.
std::size_t typed_positions(const CommandLine& line) {
  return line.positions().size() - 1;
}

Plan::Show show_of(const CommandLine& line) {
  for (const CLI::Option* const option : {&line.output, &line.only, &line.without, &line.no_read})
    if (given(*option)) refuse("--show contradicts " + option->get_name(), verb);
  if (typed_positions(line) > 0)
    refuse(fmt::format("'{}' is one argument too many beside --show=FILE",
                       escape(line.positions().back())),
           verb);
  return {*value_of(line.show, non_empty)};
}

Plan::Cut cut_of(const CommandLine& line, const std::vector<std::string>& positions) {
  if (given(line.no_read)) refuse("--no-read is for a new plan, not for a part of one", verb);
  if (typed_positions(line) != 1)
    refuse(
        "--only and --without cut a plan: name that alone, as in 'plan --only=PATTERN FILE -o "
        "NEW'",
        verb);
  const auto output = value_of(line.output, non_empty);
  if (!output) refuse("--only and --without need -o NEW, the plan that they make", verb);
  return {.from = parsed("FILE", positions[0], non_empty),
          .to = *output,
          .cut = {.only = line.only.results(), .without = line.without.results()}};
}

PlanOptions new_plan_of(const CommandLine& line, const std::vector<std::string>& positions) {
  refuse_contradictions(line, false);
  return {.pass = pass_options(line, positions[0], positions[1]),
          .read = !given(line.no_read),
          .file = value_of(line.output, non_empty).value_or(""),
          .lines = {}};
}

}  // namespace

bool is_about_a_plan(const CommandLine& line) {
  return given(line.show) || given(line.only) || given(line.without);
}

Plan plan_of(const CommandLine& line, const std::vector<std::string>& positions) {
  Plan plan;
  plan.quiet = given(line.quiet);
  plan.verbose = given(line.verbose) && !plan.quiet;
  plan.json = given(line.json);
  if (plan.json && is_about_a_plan(line)) refuse("--json is for a new plan", verb);
  if (given(line.show))
    plan.what = show_of(line);
  else if (is_about_a_plan(line))
    plan.what = cut_of(line, positions);
  else
    plan.what = new_plan_of(line, positions);
  return plan;
}

}  // namespace syncline::cli
