// SPDX-License-Identifier: MIT
#include "filesystem/mount_of.h"

#include <fstream>
#include <sstream>

namespace syncline::filesystem {
namespace {

// mountinfo writes space, tab, newline and backslash as three octal digits.
std::string unescape(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      result += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

// "mnt_id:" in /proc/self/fdinfo.
std::string mount_id_of(int fd) {
  std::ifstream info{"/proc/self/fdinfo/" + std::to_string(fd)};
  for (std::string word; info >> word;)
    if (word == "mnt_id:" && info >> word) return word;
  return {};
}

}  // namespace

std::optional<Mount> mount_of(int fd) {
  const std::string wanted = mount_id_of(fd);
  std::ifstream mounts{"/proc/self/mountinfo"};
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields{line};
    std::string id;
    std::string parent;
    Mount mount;
    if (fields >> id >> parent >> mount.device >> mount.root >> mount.point && id == wanted)
      return Mount{.device = std::move(mount.device),
                   .root = unescape(mount.root),
                   .point = unescape(mount.point)};
  }
  return std::nullopt;
}

}  // namespace syncline::filesystem
