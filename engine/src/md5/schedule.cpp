// SPDX-License-Identifier: MIT
#include "md5/schedule.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace syncline::md5 {
namespace {

struct Load {
  std::size_t longest = 0;
  std::size_t total = 0;

  std::size_t height(const Kernel& kernel) const {
    return std::max(longest, (total + kernel.lanes - 1) / kernel.lanes);
  }
  double cost(const Kernel& kernel) const {
    return kernel.row_cost * static_cast<double>(height(kernel));
  }
};

Load load_of(std::span<const Run> runs) {
  Load load;
  for (const Run& run : runs) {
    load.longest = std::max(load.longest, run.blocks);
    load.total += run.blocks;
  }
  return load;
}

}  // namespace

Schedule::Schedule(std::vector<Kernel> kernels) : kernels_(std::move(kernels)) {
  assert(!kernels_.empty());
}

const Kernel& Schedule::widest() const {
  return *std::ranges::max_element(kernels_, {}, &Kernel::lanes);
}

void Schedule::fold(std::span<const Run> runs) {
  const Load load = load_of(runs);
  if (load.total == 0) return;
  const auto cost = [&](const Kernel& kernel) { return load.cost(kernel); };
  const Kernel& kernel = *std::ranges::min_element(kernels_, {}, cost);
  cut(runs, load.height(kernel));
  play(kernel, load.height(kernel));
}

void Schedule::cut(std::span<const Run> runs, std::size_t height) {
  parts_.clear();
  lane_ends_.clear();
  std::size_t room = height;
  for (const Run& run : runs) {
    if (run.blocks <= room) {
      if (run.blocks != 0) {
        parts_.push_back(run);
        room -= run.blocks;
      }
      continue;
    }
    const std::size_t first = run.blocks - room;
    if (room != 0) parts_.push_back({run.words, run.data + first * block_bytes, room});
    lane_ends_.push_back(parts_.size());
    parts_.push_back({run.words, run.data, first});
    room = height - first;
  }
  lane_ends_.push_back(parts_.size());
}

void Schedule::enter(std::size_t lane) {
  const Run& part = *lanes_[lane].part;
  for (std::size_t i = 0; i < part.words->size(); ++i) rows_.words[i][lane] = (*part.words)[i];
  rows_.data[lane] = part.data;
  lanes_[lane].left = part.blocks;
}

void Schedule::leave(std::size_t lane) {
  const Run& part = *lanes_[lane].part;
  for (std::size_t i = 0; i < part.words->size(); ++i) (*part.words)[i] = rows_.words[i][lane];
}

void Schedule::play(const Kernel& kernel, std::size_t height) {
  std::size_t used = lane_ends_.size();
  for (std::size_t lane = 0; lane < used; ++lane) {
    lanes_[lane].part = parts_.data() + (lane == 0 ? 0 : lane_ends_[lane - 1]);
    lanes_[lane].end = parts_.data() + lane_ends_[lane];
    enter(lane);
  }
  while (height != 0) {
    // A lane out of use reads what the first one reads: that is in use to the end.
    std::fill(rows_.data.begin() + used, rows_.data.begin() + kernel.lanes, rows_.data[0]);
    const std::span active(lanes_.data(), used);
    const std::size_t step = std::ranges::min(active, {}, &Lane::left).left;
    kernel.fold(rows_, step);
    height -= step;

    // The rest of a run may enter where its beginning leaves another lane: all leave first.
    for (std::size_t lane = 0; lane < used; ++lane) {
      rows_.data[lane] += step * block_bytes;
      lanes_[lane].left -= step;
      if (lanes_[lane].left == 0) leave(lane);
    }
    for (std::size_t lane = 0; lane < used; ++lane) {
      if (lanes_[lane].left == 0 && ++lanes_[lane].part != lanes_[lane].end) enter(lane);
    }
    if (active.back().part == active.back().end) --used;  // no other runs dry before the end
  }
}

}  // namespace syncline::md5
