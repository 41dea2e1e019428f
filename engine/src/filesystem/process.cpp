// SPDX-License-Identifier: MIT
#include "filesystem/process.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace syncline::filesystem {
namespace {

bool has_capability(unsigned capability) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    if (word != "CapEff:" || !(status >> word)) continue;
    return ((std::stoull(word, nullptr, 16) >> capability) & 1U) != 0;
  }
  return geteuid() == 0;
}

}  // namespace

Privileges privileges() {
  Privileges result{.any_owner = has_capability(CAP_CHOWN),
                    .any_access = has_capability(CAP_DAC_OVERRIDE),
                    .user = geteuid(),
                    .groups = {getegid()}};
  const int count = getgroups(0, nullptr);
  if (count > 0) {
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    const int got = getgroups(count, groups.data());
    if (got > 0) result.groups.insert(result.groups.end(), groups.begin(), groups.begin() + got);
  }
  return result;
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return raised.rlim_cur;
  }
  return limit.rlim_cur;
}

}  // namespace syncline::filesystem
