// The path of an entry, laid out so that whatever a rule may be matched with is a stretch of it:
//
//     home/me/photos/2024/may/IMG_1.jpg/
//                    ^        ^
//
// the way to the root without its first slash, the folder in it, the name, and a slash. One buffer
// serves all names of a folder.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline::filter {

class Path {
 public:
  /// `root` is absolute. `folder` is relative to it; "." is the root itself.
  Path(std::string_view root, std::string_view folder) {
    while (root.ends_with('/')) root.remove_suffix(1);
    if (root.starts_with('/')) root.remove_prefix(1);
    text_.append(root).append(1, '/');
    relative_ = text_.size();
    if (folder != ".") text_.append(folder).append(1, '/');
    name_ = text_.size();
  }

  void set_name(std::string_view name) {
    text_.resize(name_);
    text_.append(name).append(1, '/');
  }

  // Each up to the end of the name, or with the slash behind it.

  [[nodiscard]] std::string_view name(bool with_slash) const { return from(name_, with_slash); }
  [[nodiscard]] std::string_view relative(bool with_slash) const {
    return from(relative_, with_slash);
  }
  /// With a slash before it, as if the root were "/".
  [[nodiscard]] std::string_view rooted(bool with_slash) const {
    return from(relative_ - 1, with_slash);
  }
  /// From the file system's root on, without its slash.
  [[nodiscard]] std::string_view absolute(bool with_slash) const { return from(0, with_slash); }
  [[nodiscard]] bool is_below_top() const { return relative_ > 1; }

 private:
  [[nodiscard]] std::string_view from(std::size_t begin, bool with_slash) const {
    return std::string_view{text_}.substr(begin, text_.size() - begin - (with_slash ? 0 : 1));
  }

  std::string text_;
  std::size_t relative_ = 0;
  std::size_t name_ = 0;
};

}  // namespace syncline::filter
