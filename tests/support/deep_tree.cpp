// SPDX-License-Identifier: MIT
#include "support/deep_tree.h"

#include "support/descriptor.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

namespace syncline::test {
namespace {

constexpr int as_folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

void require(bool done, const char* what) {
  if (!done) throw std::system_error(errno, std::generic_category(), what);
}

Descriptor open_folder(int in, const char* name) {
  Descriptor folder(::openat(in, name, as_folder));
  require(folder.get() >= 0, name);
  return folder;
}

std::vector<std::string> names_in(int folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::fdopendir(::openat(folder, ".", as_folder)),
                                                   &::closedir);
  require(opened != nullptr, "fdopendir");
  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(opened.get()))
    if (const std::string_view name = entry->d_name; name != "." && name != "..")
      names.emplace_back(name);
  return names;
}

}  // namespace

void make_deep(const std::string& root, std::size_t levels, std::size_t name_bytes) {
  std::filesystem::create_directory(root);
  Descriptor at = open_folder(AT_FDCWD, root.c_str());
  for (std::size_t level = 0; level < levels; ++level) {
    std::string name = std::to_string(level);
    name.resize(name_bytes, 'x');
    require(::mkdirat(at.get(), name.c_str(), 0755) == 0, "mkdirat");
    at = open_folder(at.get(), name.c_str());
    const Descriptor file(::openat(at.get(), "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    require(::write(file.get(), "text", 4) == 4, "write");
  }
}

// What a folder holds is brought up beside it, so that nothing is ever deeper than two.
void remove_deep(const std::string& root) {
  const Descriptor top = open_folder(AT_FDCWD, root.c_str());
  std::size_t number = 0;
  for (auto names = names_in(top.get()); !names.empty(); names = names_in(top.get())) {
    for (const std::string& name : names) {
      if (::unlinkat(top.get(), name.c_str(), 0) == 0) continue;
      if (::unlinkat(top.get(), name.c_str(), AT_REMOVEDIR) == 0) continue;
      const Descriptor folder = open_folder(top.get(), name.c_str());
      for (const std::string& below : names_in(folder.get())) {
        const std::string other = "moved " + std::to_string(++number);
        require(::renameat(folder.get(), below.c_str(), top.get(), other.c_str()) == 0, "renameat");
      }
    }
  }
  std::filesystem::remove(root);
}

}  // namespace syncline::test
