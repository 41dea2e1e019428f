// What is worth knowing of a pass, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/notice.h"

#include <string>

namespace syncline::cli {

/// "holds entries that are excluded, or backups: not deleted": all of it but the path.
std::string notice_words(const Notice& notice);

}  // namespace syncline::cli
