// SPDX-License-Identifier: MIT
#include "filesystem/scratch_folder.h"

#include "filesystem/system_error.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace syncline::filesystem {
namespace {

std::string make_folder() {
  std::error_code error;
  const auto place = std::filesystem::temp_directory_path(error);
  std::string path = (error ? "/tmp" : place.string()) + "/syncline-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw_errno("create", path);
  return path;
}

}  // namespace

ScratchFolder::ScratchFolder() : path_(make_folder()) {}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace syncline::filesystem
