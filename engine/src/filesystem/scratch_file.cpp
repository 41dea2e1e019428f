// SPDX-License-Identifier: MIT
#include "filesystem/scratch_file.h"

#include "filesystem/directory.h"
#include "filesystem/scratch_folder.h"

namespace syncline::filesystem {

File make_scratch_file() {
  const ScratchFolder folder;
  return Directory::open_root(folder.path()).create_file("file");
}

}  // namespace syncline::filesystem
