// What somebody would write who wants a file of his own to be taken for an interrupted copy: all
// that a journal says (content/journal.h), and tags that he can only guess.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::test {

/// The name of the interrupted copy of a file that is called `name`.
std::string partial_name_of(const std::string& name);

/// Makes `content` with such a journal of the file at `path`, which must exist, whole: that it is
/// all of the file `source`, in which nobody but Syncline has written since this boot.
void forge_copy(const std::string& path, const std::string& content, const std::string& source);

}  // namespace syncline::test
