// SPDX-License-Identifier: MIT
#include "syncline/mirror.h"

#include <algorithm>
#include <thread>

namespace syncline {

bool Summary::changed_anything() const {
  return created.entries + updated.entries + moved.entries + moved_folders + metadata_set +
             removed.entries + cleaned >
         0;
}

bool Summary::found_differences() const {
  return changed_anything() || to_compare.entries > 0;
}

Status Summary::status() const {
  if (given_up) return Status::given_up;
  if (stopped) return Status::stopped;
  if (suspect > 0) return Status::unverified;
  if (deletions_held_by_guard) return Status::deletions_held;
  const auto counts = [&](const Unkept& lacking) { return strict || lacking.is_content(); };
  if (failures > 0 || std::ranges::any_of(unkept, counts)) return Status::some_failed;
  if (source_moved > 0) return Status::source_moved;
  if (left > 0) return Status::differs;
  return Status::done;
}

Workers resolve_workers(const Options& options) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return {.threads = options.threads != 0 ? options.threads : cores,
          .io_threads = options.io_threads != 0 ? options.io_threads : std::max(4U, 2 * cores)};
}

const char* version() {
  return SYNCLINE_VERSION;
}

}  // namespace syncline
