// SPDX-License-Identifier: MIT
#include "pass/error_meaning.h"

#include <cerrno>

namespace syncline::engine {

bool means_unreadable(int error_number) {
  switch (error_number) {
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
    case EINTR:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return false;
    default:
      return !means_gone(error_number);
  }
}

bool means_absent(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP;
}

bool means_gone(int error_number) {
  return means_absent(error_number) || error_number == ESTALE || error_number == ENXIO ||
         error_number == EISDIR;
}

bool means_apart(int error_number) {
  return error_number == EMLINK || error_number == EXDEV;
}

bool means_cannot_link(int error_number) {
  return error_number == EPERM || error_number == EOPNOTSUPP || error_number == ENOSYS;
}

}  // namespace syncline::engine
