// SPDX-License-Identifier: MIT
#include "filesystem/trust.h"

#include "filesystem/ancestors.h"
#include "filesystem/named_path.h"
#include "filesystem/path_of.h"
#include "filesystem/status.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include "syncline/named_path.h"

#include <linux/magic.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace syncline::filesystem {
namespace {

constexpr std::uint32_t writable_by_group = S_IWGRP;
constexpr std::uint32_t writable_by_all = S_IWOTH;

std::string in_octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%03o", mode);
  return text.data();
}

// Those that adduser(8) and useradd(8) make: of the user's name, without other members.
bool is_own_group(std::uint32_t user, std::uint32_t group) {
  constexpr std::size_t room = 65536;
  std::vector<char> of_user(room);
  std::vector<char> of_group(room);
  passwd person{};
  passwd* found_person = nullptr;
  struct group people {};
  struct group* found_people = nullptr;
  if (getpwuid_r(user, &person, of_user.data(), room, &found_person) != 0 ||
      found_person == nullptr || person.pw_gid != group)
    return false;
  if (getgrgid_r(group, &people, of_group.data(), room, &found_people) != 0 ||
      found_people == nullptr)
    return false;
  const std::string_view name = person.pw_name;
  for (char** member = people.gr_mem; *member != nullptr; ++member)
    if (name != *member) return false;
  return name == people.gr_name;
}

bool has_access_list(int fd) {
  return syscalls::fgetxattr(fd, "system.posix_acl_access", nullptr, 0) >= 0 ||
         (errno != ENODATA && errno != EOPNOTSUPP);
}

std::optional<std::uint32_t> user_behind_sudo() {
  const char* const value = geteuid() == 0 ? std::getenv("SUDO_UID") : nullptr;
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value;
  std::uint32_t user = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), user);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return user;
}

}  // namespace

std::optional<std::string> why_others_could_write(const Entry& entry, const Demands& demands) {
  if (std::ranges::find(demands.owners, entry.uid) == demands.owners.end())
    return "belongs to another user (" + std::to_string(entry.uid) + ')';
  const std::uint32_t others =
      demands.group_is_owner ? writable_by_all : writable_by_group | writable_by_all;
  const bool is_guarded =
      demands.sticky_will_do && entry.kind == Kind::folder && (entry.mode & S_ISVTX) != 0;
  if (entry.kind != Kind::symlink && (entry.mode & others) != 0 && !is_guarded)
    return "can be written by others (mode " + in_octal(entry.mode) + ')';
  return std::nullopt;
}

bool is_group_owner(int fd, const Entry& entry) {
  return (entry.mode & writable_by_group) != 0 && entry.uid != 0 &&
         is_own_group(entry.uid, entry.gid) && !has_access_list(fd);
}

// What root owns is as safe as root is; but a file that another user made is that user's word.
std::optional<std::string> why_not_private(const Entry& entry) {
  Demands demands{.owners = {geteuid()}};
  if (entry.kind == Kind::folder) demands.owners.push_back(0);
  if (auto why = why_others_could_write(entry, demands)) return why;
  if (entry.kind == Kind::folder) return std::nullopt;
  if (entry.kind != Kind::file) return std::string("is a ") + to_string(entry.kind);
  if (entry.links > 1) return "has other hard links";
  return std::nullopt;
}

std::optional<std::string> why_others_could_exchange(const Directory& folder) {
  const auto chain = self_and_ancestors_to_pass(folder);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    const int fd = chain[i].get();
    const Entry above = look_at(fd);
    const auto why = why_others_could_write(above, {.owners = {geteuid(), 0},
                                                    .group_is_owner = is_group_owner(fd, above),
                                                    .sticky_will_do = true});
    if (why) return std::string{'\''}.append(path_of(fd)).append("' ").append(*why);
  }
  return std::nullopt;
}

std::optional<std::string> why_not_trusted(int fd) {
  const Entry entry = look_at(fd);
  Demands demands{.owners = {geteuid(), 0}, .group_is_owner = is_group_owner(fd, entry)};
  if (const auto user = user_behind_sudo()) demands.owners.push_back(*user);
  return why_others_could_write(entry, demands);
}

}  // namespace syncline::filesystem

namespace syncline {
namespace {

/// Nobody else has it who was not given it.
bool is_nameless_pipe(int fd) {
  struct statfs system {};
  return filesystem::syscalls::fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

bool is_null(const struct stat& status) {
  const dev_t null_device = makedev(1, 3);
  return S_ISCHR(status.st_mode) && status.st_rdev == null_device;
}

}  // namespace

void require_trusted(int fd, const std::string& path) {
  const auto why = filesystem::why_not_trusted(fd);
  if (!why) return;
  const bool is_foreign = why->starts_with("belongs");
  throw Untrusted("it " + *why + ", who could control the run" +
                  (is_foreign ? ": make it yours or root's (chown)" : ": chmod go-w " + path));
}

int open_to_be_steered(const std::string& path) {
  filesystem::Descriptor opened = filesystem::open_named(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  if (filesystem::syscalls::fstat(opened.get(), &status) != 0)
    filesystem::throw_errno("open", path);
  if (S_ISDIR(status.st_mode)) throw filesystem::SystemError("read", path, EISDIR);
  if ((S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) && !is_null(status))
    throw Untrusted("it is a device, which may be larger than 1 MiB, or never end: name a file");
  if (S_ISREG(status.st_mode))
    require_trusted(opened.get(), path);
  else if (!is_null(status) && !is_nameless_pipe(opened.get()))
    throw Untrusted("it is a named pipe, that others may have: name a file, or say <(command)");
  filesystem::syscalls::fcntl(opened.get(), F_SETFL, 0);
  return opened.release();
}

}  // namespace syncline
