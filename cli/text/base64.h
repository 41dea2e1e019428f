// Bytes as letters, by RFC 4648, section 4, with padding.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace syncline::cli {

std::string base64(std::string_view bytes);

}  // namespace syncline::cli
