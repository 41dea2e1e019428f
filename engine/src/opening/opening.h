// What a pass begins with, and whoever wants to know what one would do.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "opening/index_file.h"
#include "opening/roots.h"
#include "pass/pass.h"

#include "syncline/event.h"
#include "syncline/options.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace syncline {

/// What `asked` comes to where one option implies another.
Options in_effect(const Options& asked);

/// nullopt where none is to be used.
std::optional<OpenIndex> open_index(const OpenRoots& roots, const Options& options,
                                    Observer& observer, const std::stop_token& stop);

/// A destination that was only just made goes again, so that who is refused leaves nothing behind.
void unmake_destination(const OpenRoots& roots, const Options& options);

/// Of `pass`, whose source has its root already. `roots` hand over the destination's handle, which
/// stays open as long as `held_open` does. Throws SystemError.
engine::FolderRef make_root(engine::Pass& pass, OpenRoots& roots, bool is_known,
                            std::vector<engine::Handles::View>& held_open);

/// The same root, as it is by now and as if nothing in it had been walked. Throws SystemError.
engine::FolderRef make_root_again(engine::Pass& pass, engine::Folder& walked,
                                  std::vector<engine::Handles::View>& held_open);

}  // namespace syncline
