// SPDX-License-Identifier: MIT
#include "filesystem/scratch_folder.h"

#include "filesystem/system_error.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace syncline::filesystem {
namespace {

// What may grow with a tree does not belong in /tmp, which may be memory (file-hierarchy(7)).
std::vector<std::string> usual_places() {
  if (std::getenv("TMPDIR") == nullptr) return {"/var/tmp", "/tmp"};
  std::error_code error;
  const auto place = std::filesystem::temp_directory_path(error);
  return {error ? "/tmp" : place.string()};
}

std::string make_folder() {
  std::string path;
  for (const std::string& place : usual_places()) {
    path = place + "/syncline-XXXXXX";
    if (::mkdtemp(path.data()) != nullptr) return path;
  }
  throw_errno("create", path);
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
