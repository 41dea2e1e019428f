// SPDX-License-Identifier: MIT
#include "support/fail_nth.h"

#include "support/passes.h"

#include <utility>

namespace syncline::test {

std::string FaultyPass::words() const {
  return "call " + std::to_string(number) + " failed, of kind " +
         std::to_string(failed ? static_cast<int>(*failed) : -1);
}

FaultyPass run_with_fault(const Options& options, int number, int error) {
  FaultyPass pass{.number = number, .failed = {}, .status = {}, .actions = {}};
  const FailNth fault(number, error);
  Recorder recorder;
  try {
    pass.status = mirror(options, recorder, {}).status();
  } catch (const Unusable&) {
    // Nothing more is claimed.
  }
  recorder.pass_ended();
  pass.failed = fault.failed();
  pass.actions = std::move(recorder.actions);
  return pass;
}

}  // namespace syncline::test
