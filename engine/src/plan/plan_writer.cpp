// SPDX-License-Identifier: MIT
#include "plan/plan_writer.h"

#include "plan/lines.h"
#include "plan/refuse.h"

#include <span>

namespace syncline::planning {

// `what` a line is about that does not fit.
void PlanWriter::write(std::string& line, const std::string& what) {
  if (line.size() > most_line_bytes)
    refuse({.code = RefusalCode::plan_line_too_long, .other = what});
  if (lines_) lines_(line);
  line += '\n';
  hash_.update(std::as_bytes(std::span{line}));
  if (file_ != nullptr) file_->write(line);
}

void PlanWriter::begin(const PlanHeader& header) {
  std::string line = header_line(header);
  write(line, {});
}

void PlanWriter::add(PlanStep& step) {
  step.number = ++steps_;
  line_.clear();
  append_step(line_, step);
  write(line_, step.action.path);
}

void PlanWriter::end(const PlanTotals& totals) {
  std::string line = totals_line(totals);
  write(line, {});
  line = end_line(steps_, hash_.so_far());
  write(line, {});
  if (file_ != nullptr) file_->finish();
}

}  // namespace syncline::planning
