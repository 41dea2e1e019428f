// A kernel that refuses some calls on some paths, as a failing disk, a lease or a busy file does.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/path_of.h"
#include "filesystem/syscalls.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {

class Refusals : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;

  Refusals() { filesystem::syscalls::install(this); }
  Refusals(const Refusals&) = delete;
  Refusals& operator=(const Refusals&) = delete;
  ~Refusals() override { filesystem::syscalls::install(nullptr); }

  /// The first `times` such calls on that path, of each that `calls` names, fail with `error`. Not
  /// while a pass runs.
  void refuse(const std::vector<Call>& calls, const std::string& path, int error,
              int times = INT_MAX) {
    for (const Call call : calls) refusals_.push_back({call, path, error, times});
  }
  /// Runs whenever something is refused.
  void whenever(std::function<void()> what) { whenever_ = std::move(what); }

  /// From here on nothing is refused.
  void relent() { relents_ = true; }

  /// How often anything was refused.
  [[nodiscard]] int count() const { return count_; }

  int before(Call /*call*/) override { return 0; }
  int before_at(Call call, int fd, const char* name) override {
    if (relents_) return 0;
    const std::scoped_lock lock{mutex_};
    std::string path;
    for (Refusal& refusal : refusals_) {
      if (refusal.call != call || refusal.left == 0) continue;
      if (path.empty()) path = path_of(fd, name);
      if (path != refusal.path) continue;
      --refusal.left;
      ++count_;
      if (whenever_) whenever_();
      return refusal.error;
    }
    return 0;
  }

 private:
  struct Refusal {
    Call call;
    std::string path;
    int error;
    int left;
  };

  static std::string path_of(int fd, const char* name) {
    std::string path = filesystem::path_of(fd);
    if (*name != '\0') path.append(1, '/').append(name);
    return path;
  }

  std::mutex mutex_;
  std::vector<Refusal> refusals_;
  std::function<void()> whenever_;
  std::atomic<bool> relents_{false};
  std::atomic<int> count_{0};
};

}  // namespace syncline::test
