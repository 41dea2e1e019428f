// SPDX-License-Identifier: MIT
#include "syncline/event.h"
#include "syncline/mirror.h"

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

const char* to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::owner:
      return "owner";
    case Aspect::group:
      return "group";
    case Aspect::mode:
      return "mode";
    case Aspect::mtime:
      return "mtime";
    case Aspect::attributes:
      return "extended attributes";
    case Aspect::acl:
      return "access control lists";
    case Aspect::capabilities:
      return "capabilities";
    case Aspect::hard_link:
      return "hard links";
    case Aspect::symlink:
      return "symlinks";
    case Aspect::special_file:
      return "special files";
  }
  return "something";
}

const char* to_string(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "create";
    case Verb::update:
      return "update";
    case Verb::replace:
      return "replace";
    case Verb::move:
      return "move";
    case Verb::set_metadata:
      return "set-metadata";
    case Verb::remove:
      return "remove";
    case Verb::clean:
      return "clean";
    case Verb::check:
      return "check";
    case Verb::keep:
      return "keep";
  }
  return "act";
}

}  // namespace syncline
