// SPDX-License-Identifier: MIT
#include "support/nobody.h"

#include "support/descriptor.h"

#include <sys/prctl.h>
#include <unistd.h>

namespace syncline::test {
namespace {

constexpr unsigned nobody = 65534;

void become(unsigned user, unsigned group) {
  checked(::setegid(group), "setegid");
  checked(::seteuid(user), "seteuid");
  // Another effective user makes /proc/self root's own; the engine works through it like anybody
  // else.
  checked(::prctl(PR_SET_DUMPABLE, 1), "prctl");
}

}  // namespace

AsNobody::AsNobody() : changed_(::geteuid() == 0) {
  if (changed_) become(nobody, nobody);
}

AsNobody::~AsNobody() {
  if (!changed_) return;
  checked(::seteuid(0), "seteuid");  // first, for it brings back the right to the rest
  become(0, 0);
}

}  // namespace syncline::test
