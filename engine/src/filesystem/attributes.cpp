// SPDX-License-Identifier: MIT
#include "filesystem/attributes.h"

#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <sys/types.h>

#include <cerrno>
#include <string_view>
#include <vector>

namespace syncline::filesystem {
namespace {

// The most that the kernel gives of either (XATTR_LIST_MAX and XATTR_SIZE_MAX in <linux/limits.h>).
constexpr std::size_t most_bytes = 65536;

// The kernel clears as much memory as it is offered room, before it looks: a list takes 0.9 µs with
// 64 KiB and 0.4 with so much, which most lists and values fit into.
constexpr std::size_t usual_bytes = 256;

template <typename Read>
ssize_t read_into(std::vector<char>& room, Read read) {
  const ssize_t length = read(room.data(), usual_bytes);
  return length < 0 && errno == ERANGE ? read(room.data(), room.size()) : length;
}

bool means_none(int error_number) {
  return error_number == EOPNOTSUPP || error_number == ENOSYS;
}

template <typename List, typename Get>
Attributes read_all(List list, Get get) {
  // Not within the thread: its stack may be small.
  thread_local std::vector<char> names(most_bytes);
  thread_local std::vector<char> value(most_bytes);
  const ssize_t length = read_into(names, list);
  if (length < 0 && !means_none(errno)) throw_errno("list the extended attributes of");
  Attributes result;
  for (std::string_view rest{names.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
       !rest.empty();) {
    const std::string name{rest.substr(0, rest.find('\0'))};
    rest.remove_prefix(name.size() + 1);
    if (!is_mirrored(name)) continue;
    const ssize_t bytes = read_into(
        value, [&](char* room, std::size_t size) { return get(name.c_str(), room, size); });
    if (bytes >= 0)
      result.push_back({name, {value.data(), static_cast<std::size_t>(bytes)}});
    else if (errno != ENODATA && !means_none(errno))  // the former: removed since it was listed
      throw_errno("read the extended attribute " + name + " of");
  }
  std::ranges::sort(result, {}, &Attribute::name);
  return result;
}

}  // namespace

Attributes attributes_of(int fd) {
  return read_all(
      [&](char* names, std::size_t bytes) { return syscalls::flistxattr(fd, names, bytes); },
      [&](const char* name, char* value, std::size_t bytes) {
        return syscalls::fgetxattr(fd, name, value, bytes);
      });
}

Attributes attributes_of(int folder, const char* name) {
  return read_all(
      [&](char* names, std::size_t bytes) {
        return syscalls::listxattrat(folder, name, names, bytes);
      },
      [&](const char* attribute, char* value, std::size_t bytes) {
        return syscalls::getxattrat(folder, name, attribute, value, bytes);
      });
}

int set_attribute(int fd, const Attribute& attribute) {
  return syscalls::fsetxattr(fd, attribute.name.c_str(), attribute.value.data(),
                             attribute.value.size());
}

int remove_attribute(int fd, const std::string& name) {
  const int result = syscalls::fremovexattr(fd, name.c_str());
  return result != 0 && errno == ENODATA ? 0 : result;
}

}  // namespace syncline::filesystem
