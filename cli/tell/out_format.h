// Actions printed in a form that the user gives, by the escapes of rsync's --out-format
// (rsyncd.conf(5), "log format"): those that mean something where nothing is sent over a network.
//
//   %i  what is changed (itemize.h)          %U %G  owner and group, as numbers
//   %n  the name; of a folder with a slash   %B     the mode, as ls(1) shows it
//   %L  " -> TARGET" of a symlink,           %M     the mtime, %t: now
//       " => NAME" of a further name         %C     the digest
//   %f  the path, with the root it is in     %o     "send", or "del."
//   %l  the size                             %b     bytes written
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncline::cli {

class OutFormat {
 public:
  /// Throws std::invalid_argument that names the escape which is not known.
  explicit OutFormat(std::string_view text);

  /// One line, or none for what rsync would not list: without %i there is none for a file or link
  /// of which only metadata was set, and one for what was deleted says so if %o does not.
  /// `root`: of the side that the entry is on.
  [[nodiscard]] std::optional<std::string> line(const Action& action, std::string_view root) const;

  [[nodiscard]] bool itemizes() const;

 private:
  [[nodiscard]] bool has(char letter) const;

  using Part = std::variant<std::string, char>;  ///< as it is, or the letter of an escape
  std::vector<Part> parts_;
};

}  // namespace syncline::cli
