// SPDX-License-Identifier: MIT
#include "pass/secrets.h"

#include "filesystem/random.h"

namespace syncline::engine {

index::Secrets fresh_secrets() {
  index::Secrets secrets;
  filesystem::fill_with_random(secrets.content);
  filesystem::fill_with_random(secrets.journal);
  return secrets;
}

}  // namespace syncline::engine
