// SPDX-License-Identifier: MIT
#include "opening/process_limits.h"

#include "filesystem/process.h"

#include <algorithm>
#include <cstddef>

namespace syncline {
namespace {

// Of the descriptors that are allowed, some are for roots, locks, index and streams; each worker
// that waits takes its connection to the index (two) and what it has in hand besides.
constexpr std::uint64_t descriptors_for_all = 32;
constexpr std::uint64_t descriptors_for_worker = 6;
// What a pass over small files has open: the folders that it keeps, and some of everything else.
constexpr std::uint64_t usual_descriptors = 1024;

void require_means(const Workers& workers) {
  constexpr std::size_t memory_bytes = 64U << 20U;
  constexpr std::size_t others = 3;  // one runs the graph, one is TBB's own, one waits for times
  filesystem::require_threads(workers.threads + workers.io_threads + others, memory_bytes);
}

}  // namespace

std::uint64_t claim_descriptors() {
  const std::uint64_t limit = filesystem::descriptor_limit();
  filesystem::reserve_descriptors(std::min(limit, usual_descriptors));
  return limit;
}

Workers claim_workers(std::uint64_t descriptors, Workers wanted) {
  const std::uint64_t spare = std::max(descriptors, descriptors_for_all) - descriptors_for_all;
  const std::uint64_t most = std::max<std::uint64_t>(spare / (descriptors_for_worker + 2), 1);
  wanted.io_threads = static_cast<unsigned>(std::min<std::uint64_t>(wanted.io_threads, most));
  require_means(wanted);
  return wanted;
}

engine::OpenLimits open_limits(std::uint64_t descriptors, const Workers& workers) {
  const std::uint64_t taken = descriptors_for_all + descriptors_for_worker * workers.io_threads;
  const std::uint64_t spare = std::max(descriptors, taken) - taken;
  const auto part = [&](std::uint64_t divisor, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(spare / divisor, least, most));
  };
  return {.folders = part(8, 4, 256), .files = part(8, 1, 4096), .unnamed = part(4, 0, 4096)};
}

}  // namespace syncline
