// SPDX-License-Identifier: MIT
#include "filesystem/atomic_file.h"

#include "filesystem/discard.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"

namespace syncline::filesystem {

AtomicFile::AtomicFile(std::shared_ptr<const Directory> folder)
    : folder_(std::move(folder)), name_(temporary_name()), file_(folder_->create_file(name_)) {}

AtomicFile::~AtomicFile() {
  if (name_.empty()) return;
  const bool is_closed = file_.descriptor() < 0;  // which failed
  if (is_closed)
    discard_temporary(*folder_, name_);
  else
    discard(*folder_, name_, file_);
}

std::string AtomicFile::finish() {
  file_.close();
  return std::exchange(name_, {});
}

int error_of_making(const Directory& folder, const std::string& name) {
  try {
    File made = folder.create_file(name);
    discard(folder, name, made);
    return 0;
  } catch (const SystemError& error) {
    return error.error_number();
  }
}

}  // namespace syncline::filesystem
