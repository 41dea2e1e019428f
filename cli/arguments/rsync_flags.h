// Every flag of rsync 3.5 and what becomes of it here, so that hands that know rsync find what they
// reach for and none of its flags ever means something else.
//
// Source: rsync(1), and what 'rsync --help' prints.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

enum class Here : std::uint8_t {
  same,     ///< it is an option of ours, and does what it does there
  implied,  ///< accepted: that is so already, or makes no difference here
  refused,  ///< with the reason, and what to say instead
};

/// Flags that one sentence is true of.
struct RsyncRow {
  /// "-4,--ipv4 --port=": spaces between flags, commas between the names of one, and an equals sign
  /// behind one that takes a value.
  std::string_view flags;
  Here here;
  std::string_view text;  ///< why, or how it differs; may be empty for what is the same
};
std::span<const RsyncRow> rsync_rows();

struct RsyncFlag {
  std::string names;  ///< with commas between them
  bool takes_value = false;
};
std::vector<RsyncFlag> flags_of(const RsyncRow& row);

}  // namespace syncline::cli
