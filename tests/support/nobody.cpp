// SPDX-License-Identifier: MIT
#include "support/nobody.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace syncline::test {
namespace {

constexpr unsigned nobody = 65534;

bool become(unsigned user, unsigned group) {
  // Back at root, the user comes first, for it brings the right to the rest.
  const bool done = user == 0 ? ::seteuid(user) == 0 && ::setegid(group) == 0
                              : ::setegid(group) == 0 && ::seteuid(user) == 0;
  // Another effective user makes /proc/self root's own, where the engine has to look.
  return done && ::prctl(PR_SET_DUMPABLE, 1) == 0;
}

}  // namespace

AsNobody::AsNobody() : changed_(::geteuid() == 0) {
  if (changed_ && !become(nobody, nobody)) throw std::runtime_error("cannot act as nobody");
}

AsNobody::~AsNobody() {
  if (changed_ && !become(0, 0)) std::abort();
}

}  // namespace syncline::test
