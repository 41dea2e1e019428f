// Every name that Syncline itself writes into a destination: ".syncline-" + 16 hexadecimal digits +
// ".tmp", or ".part" for a copy that outlives an interruption, or ".try" and the end of a name that
// is tried. Walker and cleaner both ask here, so they agree. And the one that is reserved for it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::filesystem {

/// At the top of a root, whatever its kind, it is neither mirrored nor deleted, nor looked into.
inline constexpr const char* reserved_name = ".syncline";

/// A fresh name for a temporary. Random, so that no two runs and no two threads meet; made with
/// O_EXCL all the same.
std::string temporary_name();

/// The name of the copy that belongs to `number`, which is made from the file's final name: so the
/// next run finds it, however long that name is.
std::string partial_name(std::uint64_t number);

/// A fresh name that a file system refuses where it refuses `name`: it ends with that, or with what
/// there is room for once characters that nobody refuses are left out.
std::string trial_name(std::string_view name);

/// One of the three.
bool is_temporary_name(std::string_view name);
bool is_partial_name(std::string_view name);

}  // namespace syncline::filesystem
