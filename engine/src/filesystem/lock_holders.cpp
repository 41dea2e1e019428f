// SPDX-License-Identifier: MIT
#include "filesystem/lock_holders.h"

#include "filesystem/mount_of.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace syncline::filesystem {
namespace {

namespace fs = std::filesystem;
using Sight = LockHolder::Sight;

std::string folder_of(int pid) {
  return "/proc/" + std::to_string(pid);
}

/// What the kernel's lists call an open file.
class Locked {
 public:
  explicit Locked(int fd) {
    struct stat status {};
    if (fstat(fd, &status) == 0) inode_ = status.st_ino;
    const auto mount = mount_of(fd);
    if (mount) std::sscanf(mount->device.c_str(), "%u:%u", &major_number_, &minor_number_);
  }
  [[nodiscard]] bool is_in(const FlockLine& line) const {
    return line.inode == inode_ && line.major_number == major_number_ &&
           line.minor_number == minor_number_;
  }

 private:
  std::uint64_t inode_ = 0;
  unsigned major_number_ = 0;
  unsigned minor_number_ = 0;
};

std::vector<FlockLine> locks_on(const Locked& file) {
  std::vector<FlockLine> found;
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);)
    if (const auto lock = parse_flock(line); lock && file.is_in(*lock)) found.push_back(*lock);
  return found;
}

std::optional<uid_t> real_user_of(int pid) {
  std::ifstream status{folder_of(pid) + "/status"};
  for (std::string word; status >> word;)
    if (uid_t user = 0; word == "Uid:" && status >> user) return user;
  return std::nullopt;
}

/// The lock on `file` that one of its open files has.
std::optional<FlockLine> lock_in(const fs::path& fdinfo, const Locked& file) {
  constexpr std::string_view tag = "lock:\t";
  std::ifstream info{fdinfo};
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with(tag)) continue;
    const auto lock = parse_flock(std::string_view{line}.substr(tag.size()));
    if (lock && file.is_in(*lock)) return lock;
  }
  return std::nullopt;
}

enum class Answer : std::uint8_t { yes, no, unknown };

struct Grip {
  Answer holds = Answer::unknown;  ///< unknown: we may not look
  bool is_exclusive = false;
};

Grip grip_of(int pid, const Locked& file) {
  std::error_code error;
  fs::directory_iterator each{folder_of(pid) + "/fdinfo", error};
  for (; !error && each != fs::directory_iterator{}; each.increment(error))
    if (const auto lock = lock_in(each->path(), file))
      return {.holds = Answer::yes, .is_exclusive = lock->is_exclusive};
  return {.holds = error ? Answer::unknown : Answer::no, .is_exclusive = false};
}

// Not seen is not ended: /proc may hide it (hidepid), or count otherwise than we do.
bool has_ended(int pid) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self", error);
  return self == std::to_string(getpid()) && kill(pid, 0) != 0 && errno == ESRCH;
}

/// Whether the process that took the lock has it still; nullopt: it has not.
std::optional<LockHolder> taker_of(const FlockLine& line, const Locked& file) {
  LockHolder taker{.sight = Sight::hidden, .pid = line.pid, .is_exclusive = line.is_exclusive};
  if (line.pid <= 0) return taker;
  if (grip_of(line.pid, file).holds == Answer::no) return std::nullopt;
  if (const auto user = real_user_of(line.pid)) {
    taker.sight = Sight::seen;
    taker.user = *user;
  } else if (has_ended(line.pid)) {
    return std::nullopt;
  }
  return taker;
}

std::vector<int> all_processes() {
  std::vector<int> pids;
  std::error_code error;
  for (fs::directory_iterator each{"/proc", error}; !error && each != fs::directory_iterator{};
       each.increment(error)) {
    const std::string name = each->path().filename();
    int pid = 0;
    const char* const end = name.data() + name.size();
    if (std::from_chars(name.data(), end, pid).ptr == end) pids.push_back(pid);
  }
  return pids;
}

// As far as we may look.
std::vector<LockHolder> seen_to_hold(const Locked& file) {
  std::vector<LockHolder> found;
  for (const int pid : all_processes()) {
    const Grip grip = grip_of(pid, file);
    if (grip.holds != Answer::yes) continue;
    if (const auto user = real_user_of(pid))
      found.push_back(
          {.sight = Sight::seen, .pid = pid, .user = *user, .is_exclusive = grip.is_exclusive});
  }
  return found;
}

std::string since_when(int pid) {
  struct stat status {};
  if (stat(folder_of(pid).c_str(), &status) != 0) return {};
  std::tm local{};
  localtime_r(&status.st_ctim.tv_sec, &local);
  char since[32];
  if (std::strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", &local) == 0) return {};
  return std::string(", running since ") + since;
}

bool is_one_of_us(const LockHolder& holder, uid_t us) {
  return holder.sight == Sight::seen && (holder.user == 0 || holder.user == us);
}

}  // namespace

// "1: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF", device numbers in hexadecimal; who waits has
// an arrow before FLOCK.
std::optional<FlockLine> parse_flock(std::string_view line) {
  char mode[16] = {};
  FlockLine lock;
  if (std::sscanf(std::string(line).c_str(), "%*d: FLOCK %*s %15s %d %x:%x:%" SCNu64, mode,
                  &lock.pid, &lock.major_number, &lock.minor_number, &lock.inode) != 5)
    return std::nullopt;
  lock.is_exclusive = std::string_view{mode} == "WRITE";
  return lock;
}

Whose whose(const std::vector<LockHolder>& holders, uid_t us) {
  const auto is_ours = [us](const LockHolder& holder) { return is_one_of_us(holder, us); };
  const auto is_hidden = [](const LockHolder& holder) { return holder.sight == Sight::hidden; };
  if (std::ranges::any_of(holders, is_ours)) return Whose::ours;
  if (holders.empty() || std::ranges::any_of(holders, is_hidden)) return Whose::unknown;
  return Whose::strangers;
}

std::vector<LockHolder> lock_holders(int fd) {
  const Locked file{fd};
  std::vector<LockHolder> holders;
  std::optional<FlockLine> left_to_others;
  for (const FlockLine& line : locks_on(file)) {
    if (auto taker = taker_of(line, file))
      holders.push_back(*taker);
    else
      left_to_others = line;
  }
  if (!left_to_others && !holders.empty()) return holders;
  const std::size_t takers = holders.size();
  for (const LockHolder& found : seen_to_hold(file))
    if (std::ranges::find(holders, found.pid, &LockHolder::pid) == holders.end())
      holders.push_back(found);
  if (left_to_others && holders.size() == takers)
    holders.push_back({.sight = Sight::gone,
                       .pid = left_to_others->pid,
                       .is_exclusive = left_to_others->is_exclusive});
  return holders;
}

std::vector<LockHolder> in_the_way(int fd, LockMode mode) {
  std::vector<LockHolder> holders = lock_holders(fd);
  if (mode == LockMode::shared)
    std::erase_if(holders, [](const LockHolder& holder) { return !holder.is_exclusive; });
  return holders;
}

std::string describe(const LockHolder& holder, uid_t us) {
  const std::string process = "process " + std::to_string(holder.pid);
  if (holder.sight == Sight::gone) return process + ", which passed it on";
  if (holder.sight == Sight::hidden) return holder.pid > 0 ? process : "another process";
  if (is_one_of_us(holder, us)) return process + since_when(holder.pid);
  std::string command;
  std::ifstream comm{folder_of(holder.pid) + "/comm"};
  std::getline(comm, command);
  return process + " of user " + std::to_string(holder.user) + ", '" + command + "'" +
         since_when(holder.pid);
}

}  // namespace syncline::filesystem
