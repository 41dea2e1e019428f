// The end of a copy, published or not.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Nothing more is to be done for `finished`.
void be_over(Pass& pass, Finished& finished, Outcomes& out);

/// Its temporary, if it has one, is removed. What cannot be is litter for the next run.
void discard(Pass& pass, const Finished& finished);

/// It will not get its name: what was written is removed. What cannot be is litter for the next
/// run.
void give_up(Pass& pass, Finished& finished, Outcomes& out);

}  // namespace syncline::engine
