// SPDX-License-Identifier: MIT
#pragma once

#include "index/secrets.h"

namespace syncline::engine {

/// Of an index that is made, or of a pass that has none. Throws SystemError.
index::Secrets fresh_secrets();

}  // namespace syncline::engine
