// Whichever kind of file is open for reading. One of this machine lies within, so that opening one
// allocates nothing: of 100,000 small ones that would be as many times more.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"

#include <memory>
#include <utility>
#include <variant>

namespace syncline::filesystem {

class FileToRead {
 public:
  explicit FileToRead(File file) : file_(std::move(file)) {}
  /// `file`: not nullptr.
  explicit FileToRead(std::unique_ptr<const OpenFile> file) : file_(std::move(file)) {}

  [[nodiscard]] const OpenFile& operator*() const {
    const File* const here = std::get_if<File>(&file_);
    return here != nullptr ? *here : **std::get_if<std::unique_ptr<const OpenFile>>(&file_);
  }
  [[nodiscard]] const OpenFile* operator->() const { return &**this; }

 private:
  std::variant<File, std::unique_ptr<const OpenFile>> file_;
};

}  // namespace syncline::filesystem
