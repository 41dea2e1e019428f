// Every name that Syncline itself writes into a destination: ".syncline-" + 16 hexadecimal digits +
// ".tmp". Walker and cleaner both ask here, so they agree.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace syncline::filesystem {

/// A fresh name for a temporary. Random, so that no two runs and no two threads meet; made with
/// O_EXCL all the same.
std::string temporary_name();

bool is_temporary_name(std::string_view name);

}  // namespace syncline::filesystem
