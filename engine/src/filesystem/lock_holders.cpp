// SPDX-License-Identifier: MIT
#include "filesystem/lock_holders.h"

#include "filesystem/mount_of.h"
#include "filesystem/process.h"

#include <linux/capability.h>
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
#include <limits>
#include <set>
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

// As whom the kernel shows every user that has no number in our namespace, root of the machine too.
constexpr uid_t overflow_user = 65534;

bool has_all_users() {
  std::ifstream map{"/proc/self/uid_map"};  // user_namespaces(7)
  std::uint64_t first = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  if (!map.is_open()) return true;  // a kernel without such namespaces
  return map >> first >> outside >> count && count >= std::numeric_limits<uid_t>::max();
}

// By lines, since a process may call itself whatever it likes, but for a line's end.
std::optional<uid_t> real_user_of(int pid) {
  std::ifstream status{folder_of(pid) + "/status"};
  for (std::string line; std::getline(status, line);) {
    unsigned user = 0;
    if (std::sscanf(line.c_str(), "Uid:\t%u", &user) != 1) continue;
    if (user == overflow_user && !has_all_users()) return std::nullopt;
    return user;
  }
  return std::nullopt;
}

// Who logged in; none of what the system itself started (proc_pid_loginuid(5)).
std::optional<uid_t> login_user_of(int pid) {
  constexpr uid_t unset = std::numeric_limits<uid_t>::max();
  std::ifstream file{folder_of(pid) + "/loginuid"};
  uid_t user = unset;
  if (!(file >> user) || user == unset) return std::nullopt;
  return user;
}

bool is_trusted(uid_t user, uid_t us) {
  return user == 0 || user == us;
}

enum class Answer : std::uint8_t { yes, no, unknown };

struct Grip {
  Answer holds = Answer::unknown;  ///< unknown: we may not look
  bool is_exclusive = false;
  bool is_by_stream = false;  ///< a standard one
};

/// Of the lock on `file` that one open file has.
Grip grip_in(const fs::path& fdinfo, const Locked& file) {
  constexpr std::string_view tag = "lock:\t";
  errno = 0;
  std::ifstream info{fdinfo};
  if (!info.is_open() && (errno == EACCES || errno == EPERM)) return {};
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with(tag)) continue;
    const auto lock = parse_flock(std::string_view{line}.substr(tag.size()));
    if (lock && file.is_in(*lock))
      return {.holds = Answer::yes, .is_exclusive = lock->is_exclusive};
  }
  return {.holds = Answer::no, .is_exclusive = false};
}

bool is_standard_stream(const fs::path& descriptor) {
  return descriptor == "0" || descriptor == "1" || descriptor == "2";
}

constexpr std::size_t all_of_them = std::numeric_limits<std::size_t>::max();

/// Looks into so many of its open files at most.
Grip grip_of(int pid, const Locked& file, std::size_t most = all_of_them) {
  std::error_code error;
  fs::directory_iterator each{folder_of(pid) + "/fdinfo", error};
  Grip result{.holds = Answer::no, .is_exclusive = false};
  for (; !error && each != fs::directory_iterator{} && most > 0; each.increment(error), --most) {
    Grip grip = grip_in(each->path(), file);
    grip.is_by_stream = is_standard_stream(each->path().filename());
    if (grip.holds == Answer::yes) return grip;
    if (grip.holds == Answer::unknown) result.holds = Answer::unknown;
  }
  const bool has_ended =
      error == std::errc::no_such_file_or_directory || error == std::errc::no_such_process;
  if (error && !has_ended) result.holds = Answer::unknown;
  return result;
}

// Not seen is not ended: /proc may hide it (hidepid), or count otherwise than we do.
bool has_ended(int pid) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self", error);
  return self == std::to_string(getpid()) && kill(pid, 0) != 0 && errno == ESRCH;
}

// A set-user-ID program that has become root altogether, as sudo(8) does, has its standard streams
// of whoever called it, and no others.
uid_t who_gave(int pid, uid_t user, const Grip& grip) {
  return user == 0 && grip.is_by_stream ? login_user_of(pid).value_or(user) : user;
}

/// Whether the process that took the lock has it still; nullopt: it has not. A stranger is not
/// looked into: how much there would be to look at is up to him.
std::optional<LockHolder> taker_of(const FlockLine& line, const Locked& file, uid_t us) {
  LockHolder taker{.sight = Sight::hidden, .pid = line.pid, .is_exclusive = line.is_exclusive};
  if (line.pid <= 0) return taker;
  const auto user = real_user_of(line.pid);
  if (!user) return has_ended(line.pid) ? std::nullopt : std::optional{taker};
  taker.sight = Sight::seen;
  taker.user = *user;
  if (!is_trusted(*user, us)) return taker;
  const Grip grip = grip_of(line.pid, file);
  if (grip.holds == Answer::no) return std::nullopt;
  taker.user = who_gave(line.pid, *user, grip);
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

/// Who else is seen to hold it.
struct Seen {
  std::optional<LockHolder> of_us;
  std::optional<LockHolder> stranger;
  bool is_doubtful = false;  ///< one of us may hold it, and could not be looked into
};

/// Until one of us is found. Strangers are only looked for to name one of them, and not without
/// end.
Seen look_around(const Locked& file, uid_t us, int but_for, bool names_stranger) {
  constexpr std::size_t most_of_a_stranger = 256;
  int most_strangers = 256;
  Seen seen;
  for (const int pid : all_processes()) {
    if (pid == but_for) continue;
    const auto user = real_user_of(pid);
    if (!user) continue;
    bool is_of_us = is_trusted(*user, us);
    if (!is_of_us && (!names_stranger || seen.stranger || most_strangers-- <= 0)) continue;
    const Grip grip = grip_of(pid, file, is_of_us ? all_of_them : most_of_a_stranger);
    if (grip.holds == Answer::unknown) seen.is_doubtful |= is_of_us;
    if (grip.holds != Answer::yes) continue;
    const uid_t giver = who_gave(pid, *user, grip);
    is_of_us = is_trusted(giver, us);
    (is_of_us ? seen.of_us : seen.stranger) = {
        .sight = Sight::seen, .pid = pid, .user = giver, .is_exclusive = grip.is_exclusive};
    if (is_of_us) break;
  }
  return seen;
}

std::string since_when(int pid) {
  struct stat status {};
  if (stat(folder_of(pid).c_str(), &status) != 0) return {};
  std::tm local{};
  localtime_r(&status.st_ctim.tv_sec, &local);
  char since[32];
  if (std::strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S %z", &local) == 0) return {};
  return std::string(", running since ") + since;
}

bool is_one_of_us(const LockHolder& holder, uid_t us) {
  return holder.sight == Sight::seen && is_trusted(holder.user, us);
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

std::vector<LockHolder> lock_holders(int fd, int but_for) {
  const uid_t us = geteuid();
  const Locked file{fd};
  std::vector<LockHolder> holders;
  std::optional<FlockLine> left_to_others;
  std::set<int> asked;
  if (but_for > 0) asked.insert(but_for);
  for (const FlockLine& line : locks_on(file)) {
    if (!asked.insert(line.pid).second) continue;
    const auto taker = taker_of(line, file, us);
    if (!taker)
      left_to_others = line;
    else if (is_one_of_us(*taker, us))
      return {*taker};
    else
      holders.push_back(*taker);
  }
  const bool is_left = left_to_others || holders.empty();
  const Seen others = look_around(file, us, but_for, is_left);
  if (others.of_us) return {*others.of_us};
  if (others.stranger) holders.push_back(*others.stranger);
  if (!left_to_others) return holders;
  // With this right nobody of our own user namespace is out of sight, and without it root's are to
  // others than root, whom nobody's lock would leave in peace then.
  const bool may_be_ours = others.is_doubtful && us == 0 && !has_capability(CAP_SYS_PTRACE);
  if (may_be_ours || !others.stranger)
    holders.push_back({.sight = may_be_ours ? Sight::hidden : Sight::gone,
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
