// SPDX-License-Identifier: MIT
#include "filesystem/atomic_file.h"

#include "filesystem/own_names.h"
#include "filesystem/syscalls.h"

namespace syncline::filesystem {

AtomicFile::AtomicFile(std::shared_ptr<const Directory> folder)
    : folder_(std::move(folder)), name_(temporary_name()), file_(folder_->create_file(name_)) {}

AtomicFile::~AtomicFile() {
  if (!name_.empty()) discard_temporary(*folder_, name_);
}

std::string AtomicFile::finish() {
  file_.close();
  return std::exchange(name_, {});
}

void discard_temporary(const Directory& folder, const std::string& name) {
  static_cast<void>(syscalls::unlinkat(folder.descriptor(), name.c_str(), 0));
}

}  // namespace syncline::filesystem
