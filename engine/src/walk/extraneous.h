// What only the destination has is judged last. As long as folders of the source are being met, it
// may turn out to be the former place of one of them.
//
// Files are noted to be removed when they are met, and that is taken back if they are moved;
// folders are noted, and walked once all others were.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "walk/steps.h"

#include <string>

namespace syncline::engine {

/// A folder of the destination, to be walked so that the guard knows what would go with it.
FolderRef make_extraneous(const FolderRef& parent, const std::string& name, bool gives_way,
                          Entry destination);

/// Notes the files and folders of `steps`, which `folder` is to lose.
void note_extraneous(Pass& pass, Folder& folder, Steps& steps);

}  // namespace syncline::engine
