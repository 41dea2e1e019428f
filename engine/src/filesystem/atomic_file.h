// A file that appears whole or not at all: written under a temporary name beside its final one, and
// renamed by whoever publishes it. Until it is finished its destruction gives it up (discard.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <memory>
#include <string>

namespace syncline::filesystem {

class AtomicFile {
 public:
  /// Creates the temporary in `folder`. Throws SystemError.
  explicit AtomicFile(std::shared_ptr<const Directory> folder);
  /// Takes over `file`, which has that name in `folder`.
  AtomicFile(std::shared_ptr<const Directory> folder, std::string name, File file)
      : folder_(std::move(folder)), name_(std::move(name)), file_(std::move(file)) {}
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] File& file() { return file_; }

  /// Closes it and hands the temporary over: the caller renames or removes that name. Throws
  /// SystemError, the temporary then being removed on destruction.
  std::string finish();

 private:
  std::shared_ptr<const Directory> folder_;
  std::string name_;
  File file_;
};

/// Why no empty file of that name can be made in `folder` (errno); 0: one was, and is gone again.
int error_of_making(const Directory& folder, const std::string& name);

}  // namespace syncline::filesystem
