// The terminal that standard error is, if it is one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace syncline::cli {

/// Whether a line can be shown there and taken back: a terminal that knows how to erase, and that
/// nobody else writes to. A program that standard output is piped into most likely does.
bool has_live_terminal();

/// Whether colours are wanted on `stream`: on a terminal, unless NO_COLOR is set
/// (https://no-color.org) or it is a dumb one.
bool wants_colours(int stream);

/// How wide it is now; nullopt while the run is in the background of it, when all that is written
/// there lands in the middle of somebody's typing. Asked at each drawing, which is how a change of
/// its size is noticed, too.
std::optional<std::size_t> columns_to_draw_in();

}  // namespace syncline::cli
