// Names that some file systems refuse: what Windows' own cannot hold ("Naming Files, Paths, and
// Namespaces" at Microsoft), and what is no text in the encoding that they keep names in.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace syncline {

/// Control characters, one of \ : * ? " < > |, a blank or a full stop at the end, no UTF-8.
bool is_suspect_name(std::string_view name);

}  // namespace syncline
