// Extended attributes of one entry on the disk, those among them that a mirror must keep.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

namespace syncline::test {

/// Values by name.
using Attributes = std::map<std::string, std::string>;

// The path may be a symlink's, which is not followed.

/// None where the file system has none.
Attributes read_attributes(const std::string& path);
void set_attribute(const std::string& path, const std::string& name, const std::string& value);
void remove_attribute(const std::string& path, const std::string& name);
/// Sets these and removes all others, such as a list that a new entry inherits from its folder.
void set_attributes(const std::string& path, const Attributes& attributes);

}  // namespace syncline::test
