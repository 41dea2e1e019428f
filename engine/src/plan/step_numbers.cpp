// SPDX-License-Identifier: MIT
#include "plan/step_numbers.h"

#include "filesystem/directory.h"

#include <span>

namespace syncline::planning {

StepNumbers::StepNumbers()
    : file_(filesystem::Directory::open_root(folder_.path()).create_file("numbers")) {}

void StepNumbers::note(std::uint64_t key, std::uint64_t number) {
  file_.write(std::as_bytes(std::span{&number, 1}), key * sizeof number);
  last_ = {key, number};
}

std::uint64_t StepNumbers::of(std::uint64_t key) const {
  if (last_.first == key && last_.second != 0) return last_.second;
  std::uint64_t number = 0;
  const auto room = std::as_writable_bytes(std::span{&number, 1});
  if (file_.read(room, key * sizeof number) < room.size()) number = 0;
  last_ = {key, number};
  return number;
}

}  // namespace syncline::planning
