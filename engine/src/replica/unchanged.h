// What a pass found as it should be, told where somebody asks for it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <string>
#include <vector>

namespace syncline::engine {

/// Of the entry `name` in `folder`, or with an empty name of that itself. `link_of`: the path that
/// it is one more name of; may be empty.
void tell_unchanged(const Pass& pass, const Folder& folder, const std::string& name,
                    const Entry& source, std::vector<Event>& events, Path link_of = {});

}  // namespace syncline::engine
