// SPDX-License-Identifier: MIT
#include "filesystem/state_folder.h"

#include "filesystem/named_path.h"
#include "filesystem/paths.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <unistd.h>

#include <pwd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

namespace syncline::filesystem {
namespace {

constexpr mode_t private_folder = 0700;

// The XDG specification has relative paths ignored.
std::optional<std::string> absolute(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || value[0] != '/') return std::nullopt;
  return value;
}

std::optional<std::string> home_in_user_database() {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16384);
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr || found->pw_dir == nullptr || found->pw_dir[0] != '/')
    return std::nullopt;
  return found->pw_dir;
}

constexpr const char* of_root = "/var/lib/syncline";
constexpr const char* below_home = "/.local/state/syncline";

Descriptor open_or_make_above(const std::string& path);

void make_with_those_above(const std::string& path) {
  const auto [parent, name] = split_path(path);
  if (name.empty()) return;
  const Descriptor above = open_or_make_above(parent);
  if (syscalls::mkdirat(above.get(), name.c_str(), private_folder) != 0 && errno != EEXIST)
    throw_errno("create", path);
}

// Only to make something in it, for which it need not be readable.
Descriptor open_or_make_above(const std::string& path) {
  constexpr int flags = O_PATH | O_DIRECTORY;
  try {
    return open_named(path, flags);
  } catch (const SystemError& error) {
    if (error.error_number() != ENOENT) throw;
  }
  make_with_those_above(path);
  return open_named(path, flags);
}

}  // namespace

std::optional<std::string> usual_state_folder() {
  if (const auto given = absolute("STATE_DIRECTORY"))
    return given->substr(0, given->find(':'));  // systemd may name several
  if (geteuid() == 0) return of_root;
  if (const auto state = absolute("XDG_STATE_HOME")) return *state + "/syncline";
  if (const auto home = absolute("HOME")) return *home + below_home;
  return fixed_state_folder();
}

std::optional<std::string> fixed_state_folder() {
  if (geteuid() == 0) return of_root;
  if (const auto home = home_in_user_database()) return *home + below_home;
  return std::nullopt;
}

Directory make_state_folder(const std::string& path) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() != ENOENT) throw;
  }
  make_with_those_above(path);
  return Directory::open_root(path);
}

}  // namespace syncline::filesystem
