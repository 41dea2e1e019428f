// SPDX-License-Identifier: MIT
#include "filesystem/atomic_file.h"

#include "filesystem/own_names.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

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

int error_of_making(const Directory& folder, const std::string& name) {
  try {
    static_cast<void>(folder.create_file(name));
    discard_temporary(folder, name);
    return 0;
  } catch (const SystemError& error) {
    return error.error_number();
  }
}

}  // namespace syncline::filesystem
