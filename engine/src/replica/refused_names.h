// Names that the destination refuses. That shows when something is given its name, which comes
// last: its content would be read and written for nothing, in each pass. So a new entry's name is
// tried before, where it may be refused at all: a long one by a look, which makes nothing; one with
// characters that are refused elsewhere by an empty file whose temporary's name ends in it, on file
// systems that are not known to take everything, or have refused a name in this pass. What is
// refused is remembered, and not tried again while that file system stays mounted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "model/exception.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// Why `name` cannot be made in `folder` of the destination, which has none such; nullopt where
/// nothing is known against it. `known`: what the index has of it, which by `edits` becomes what
/// was found out. Makes nothing in a dry run.
std::optional<Failure> refusal_of(Pass& pass, Folder& folder, const std::string& name,
                                  const Exception* known, std::vector<index::Edit>& edits);
/// Where `failure` is that of giving `name` to something in `folder`, for the name's sake, makes
/// it say so, and by `edits` has that remembered.
void explain_refused_name(Pass& pass, Folder& folder, const std::string& name, Failure& failure,
                          std::vector<index::Edit>& edits);

}  // namespace syncline::engine
