// SPDX-License-Identifier: MIT
#include "support/fail_nth.h"

#include "support/passes.h"
#include "support/tree.h"

#include <utility>

namespace syncline::test {

std::string FaultyPass::words() const {
  std::string text = "call " + std::to_string(number) + " failed, of kind " +
                     std::to_string(failed ? static_cast<int>(*failed) : -1);
  for (const Failure& failure : failures)
    text.append("; '").append(printable(failure.path)).append("' ").append(in_codes(failure));
  return text;
}

FaultyPass run_with_fault(const Options& options, int number, int error) {
  FaultyPass pass;
  pass.number = number;
  ProgressProbe probe;
  const FailNth fault(number, error, probe);
  Recorder recorder;
  std::string why_ended;
  try {
    const Summary summary = mirror(options, recorder, {}, &probe);
    pass.status = summary.status();
    if (summary.given_up) why_ended = summary.given_up->in_codes();
  } catch (const Unusable& refused) {
    why_ended = refused.what();  // nothing more is claimed
  }
  recorder.pass_ended();
  pass.failed = fault.failed();
  if (fault.was_under_way()) pass.given_up = why_ended;
  pass.actions = std::move(recorder.actions);
  pass.failures = std::move(recorder.failures);
  return pass;
}

}  // namespace syncline::test
