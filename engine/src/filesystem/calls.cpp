// SPDX-License-Identifier: MIT
#include "filesystem/calls.h"

#include "filesystem/path_of.h"
#include "filesystem/paths.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <utility>

namespace syncline::filesystem {
namespace {

using syscalls::Call;

// The memory of a thread that may go on, and free it, at any moment: so it is read by the kernel,
// which says of what is not there that it is not (proc_pid_mem(5)).
std::string text_at(const char* text) {
  std::array<char, NAME_MAX + 1> bytes{};
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) return {};
  const ssize_t got = ::pread(memory, bytes.data(), bytes.size() - 1,
                              static_cast<off_t>(reinterpret_cast<std::uintptr_t>(text)));
  ::close(memory);
  return got > 0 ? bytes.data() : std::string{};
}

std::string path_in(int fd, const std::string& name) {
  if (fd == AT_FDCWD || name.starts_with('/')) return name;
  return name.empty() ? path_of(fd) : join_path(path_of(fd), name);
}

}  // namespace

const char* to_string(Call call) {
  switch (call) {
    case Call::open:
      return "open";
    case Call::close:
      return "close";
    case Call::control:
      return "fcntl";
    case Call::read_folder:
      return "readdir";
    case Call::status:
      return "stat";
    case Call::file_system:
      return "statfs";
    case Call::read:
      return "read";
    case Call::advise:
      return "fadvise";
    case Call::write:
      return "write";
    case Call::copy_range:
      return "copy_file_range";
    case Call::allocate:
      return "fallocate";
    case Call::flush:
      return "fsync";
    case Call::flush_filesystem:
      return "syncfs";
    case Call::rename:
    case Call::exchange:
      return "rename";
    case Call::unlink:
      return "unlink";
    case Call::make_folder:
      return "mkdir";
    case Call::make_symlink:
      return "symlink";
    case Call::make_node:
      return "mknod";
    case Call::read_link:
      return "readlink";
    case Call::change_mode:
      return "chmod";
    case Call::change_owner:
      return "chown";
    case Call::change_times:
      return "utimes";
    case Call::link:
      return "link";
    case Call::list_attributes:
      return "listxattr";
    case Call::get_attribute:
      return "getxattr";
    case Call::set_attribute:
      return "setxattr";
    case Call::remove_attribute:
      return "removexattr";
    case Call::seek:
      return "lseek";
    case Call::truncate:
      return "truncate";
    case Call::clone:
      return "clone";
  }
  return "";
}

Calls::Scope::Scope(Calls& calls) : calls_(calls), own_(calls.take()), before_(current) {
  current = own_;
}

Calls::Scope::~Scope() {
  current = before_;
  calls_.give_back(own_);
}

CallSlot* Calls::take() {
  const std::scoped_lock lock{mutex_};
  if (free_.empty()) return &slots_.emplace_back();
  CallSlot* const slot = free_.back();
  free_.pop_back();
  return slot;
}

void Calls::give_back(CallSlot* slot) {
  const std::scoped_lock lock{mutex_};
  free_.push_back(slot);
}

// What was read of a call holds if that call is still under way after it.
std::vector<LateCall> Calls::late(std::chrono::steady_clock::time_point now) {
  const std::scoped_lock lock{mutex_};
  std::vector<LateCall> late;
  for (CallSlot& slot : slots_) {
    const std::uint64_t turns = slot.turns_.load(std::memory_order_acquire);
    const bool is_new = std::exchange(slot.seen_, turns) != turns;
    if (turns % 2 == 0) continue;
    if (is_new) {
      slot.since_ = now;
      slot.number_ = ++numbers_;
      continue;
    }
    const char* const name = slot.name_.load(std::memory_order_acquire);
    LateCall call{.number = slot.number_,
                  .call = slot.call_.load(std::memory_order_acquire),
                  .path = path_in(slot.fd_.load(std::memory_order_acquire),
                                  name != nullptr ? text_at(name) : std::string{}),
                  .age = now - slot.since_};
    if (slot.turns_.load(std::memory_order_acquire) == turns) late.push_back(std::move(call));
  }
  return late;
}

}  // namespace syncline::filesystem
