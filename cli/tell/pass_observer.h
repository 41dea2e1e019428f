// An observer that is also told where a pass begins and how it ends.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

namespace syncline::cli {

class PassObserver : public Observer {
 public:
  virtual void pass_began(const Options& options) = 0;
  virtual void pass_ended(const Summary& summary) = 0;
  /// It could not start or go on at all; `status` is what a single run ends with then.
  virtual void pass_failed(Status status, const Refusal& why) = 0;
};

}  // namespace syncline::cli
