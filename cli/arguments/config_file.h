// A file of settings, one a line:
//
//     # what a service mirrors
//     destination = /mnt/backup/data
//     source      = "/srv/ends in a blank "
//     delete      = true
//
// That is what INI and TOML have in common, and the little more that paths need. CLI11's own reader
// would cut a path at a '#', split it at a blank or a comma and skip what it does not understand;
// here a value is taken to its last byte, or the line is refused:
//
// - A comment has a line of its own and begins with '#' or ';'.
// - A bare value reaches to the line's end, less the blanks around it. One with '#' or ';' in it,
//   or with '[' before it, is refused: elsewhere that begins a comment or a list.
// - Between double quotes \\, \", \n, \r, \t and \xNN stand for one byte each, which is how the
//   log prints names. Between single quotes every byte is what it is.
// - A key that may be given more than once has a line for each value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/setting.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// In the order of the lines, keys not looked at yet. Throws Unusable (Status::usage) where the
/// file cannot be read or one of its lines not understood.
std::vector<Setting> read_config_file(const std::string& path);

}  // namespace syncline::cli
