// SPDX-License-Identifier: MIT
#include "syncline/event.h"

namespace syncline {

const char* to_string(Kind kind) {
  switch (kind) {
    case Kind::folder:
      return "folder";
    case Kind::file:
      return "file";
    case Kind::symlink:
      return "symlink";
    case Kind::fifo:
      return "fifo";
    case Kind::socket:
      return "socket";
    case Kind::character_device:
      return "character device";
    case Kind::block_device:
      return "block device";
  }
  return "entry";
}

const char* to_string(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "create";
    case Verb::update:
      return "update";
    case Verb::replace:
      return "replace";
    case Verb::set_metadata:
      return "set-metadata";
    case Verb::remove:
      return "remove";
    case Verb::clean:
      return "clean";
    case Verb::check:
      return "check";
  }
  return "act";
}

}  // namespace syncline
