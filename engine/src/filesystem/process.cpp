// SPDX-License-Identifier: MIT
#include "filesystem/process.h"

#include "filesystem/system_error.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <latch>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace syncline::filesystem {
namespace {

/// The number behind `what` in what the kernel says of this process (proc_pid_status(5)).
std::optional<unsigned long long> status_of_process(std::string_view what, int base) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what)) return std::stoull(line.substr(what.size()), nullptr, base);
  return std::nullopt;
}

void require_memory(std::size_t bytes) {
  void* const place =
      ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) throw_errno("find " + std::to_string(bytes >> 20U) + " MiB of memory");
  ::munmap(place, bytes);
}

}  // namespace

bool has_capability(unsigned capability) {
  const auto effective = status_of_process("CapEff:", 16);
  return effective ? ((*effective >> capability) & 1U) != 0 : geteuid() == 0;
}

Privileges privileges() {
  Privileges result{.user = geteuid(),
                    .any_owner = has_capability(CAP_CHOWN),
                    .capabilities = has_capability(CAP_SETFCAP),
                    .any_access = has_capability(CAP_DAC_OVERRIDE),
                    .groups = {getegid()}};
  const int count = getgroups(0, nullptr);
  if (count > 0) {
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    const int got = getgroups(count, groups.data());
    if (got > 0) result.groups.insert(result.groups.end(), groups.begin(), groups.begin() + got);
  }
  return result;
}

std::string boot_id() {
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  file >> id;
  return id;
}

// 0 stands for no limit.
std::chrono::seconds lease_break_time() {
  constexpr int usual_s = 45;
  std::ifstream file{"/proc/sys/fs/lease-break-time"};
  int seconds = 0;
  return std::chrono::seconds{file >> seconds && seconds > 0 ? seconds : usual_s};
}

std::uint64_t descriptor_limit() {
  constexpr std::uint64_t usual = 1024;
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usual;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// A duplicate with that number needs the room. Any descriptor serves; where there is none, or too
// low a limit, only time is lost.
void reserve_descriptors(std::uint64_t count) {
  const int any = ::open("/", O_PATH | O_CLOEXEC);
  if (any < 0) return;
  const int highest = ::fcntl(any, F_DUPFD_CLOEXEC, static_cast<int>(count) - 1);
  if (highest >= 0) ::close(highest);
  ::close(any);
}

void require_threads(std::size_t threads, std::size_t bytes) {
  static std::atomic<std::size_t> had{0};
  if (threads <= had) return;
  std::latch over{1};
  std::vector<std::jthread> started;
  const struct LetGo {  // before they are joined
    std::latch& over;
    ~LetGo() { over.count_down(); }
  } let_go{over};
  try {
    for (std::size_t left = threads - had; left > 0; --left)
      started.emplace_back([&over] { over.wait(); });
  } catch (const std::system_error& error) {
    throw SystemError("start " + std::to_string(threads) + " threads", "", error.code().value());
  } catch (const std::bad_alloc&) {
    throw SystemError("start " + std::to_string(threads) + " threads", "", ENOMEM);
  }
  require_memory(bytes);
  had = threads;
}

}  // namespace syncline::filesystem
