// SPDX-License-Identifier: MIT
#include "support/swapper.h"

#include "support/disk.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <stdio.h>

#include <exception>
#include <utility>

namespace syncline::test {
namespace {

// The null device: whoever opens it comes to no harm.
const std::uint64_t null_device = makedev(1, 3);

/// Anything, at `name` in the folder `where`. With the same names in it as outside, so that
/// whoever follows a symlink finds something.
void make_something(Random& random, const std::string& where, const std::string& name,
                    const std::string& outside) {
  switch (random.below(::geteuid() == 0 ? 8 : 7)) {
    case 0:
    case 1:
      put(folder(name), where);
      for (const char* inside : {"one", "two"})
        put(file(join(name, inside), "inside " + std::to_string(random.below(100))), where);
      put(folder(join(name, "deep")), where);
      put(file(join(name, "deep/one"), "deep inside"), where);
      break;
    case 2:
      put(file(name, "inside " + std::to_string(random.below(100))), where);
      break;
    case 3:
      put(file(name, std::string(70'000 + random.below(100), 'i')), where);
      break;
    case 4:
      put(symlink(name, outside), where);
      break;
    case 5:
      put(symlink(name, outside + "/one"), where);
      break;
    case 6:
      put(fifo(name), where);
      break;
    default:
      put(character_device(name, null_device), where);
  }
}

}  // namespace

Swapper::Swapper(std::string root, std::vector<std::string> places, std::string outside,
                 std::string spare, std::uint64_t seed)
    : root_(std::move(root)),
      places_(std::move(places)),
      outside_(std::move(outside)),
      spare_(std::move(spare)),
      random_(seed),
      prefix_(std::to_string(seed) + '-'),
      thread_([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) swap_once();
      }) {}

void Swapper::swap_once() {
  const std::string place = root_ + '/' + places_.at(random_.below(places_.size()));
  const std::string name = prefix_ + std::to_string(spares_++);
  const std::string other = spare_ + '/' + name;
  make_something(random_, spare_, name, outside_);
  const auto exchange = [&] {
    if (::renameat2(AT_FDCWD, other.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) != 0) return;
    ++swaps_;
  };
  // What went away from its place, because of us or of the pass, leaves it free.
  if (random_.one_in(8)) {
    if (::renameat2(AT_FDCWD, place.c_str(), AT_FDCWD, (other + "-away").c_str(), 0) == 0) ++swaps_;
  }
  exchange();
  if (::renameat2(AT_FDCWD, other.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE) == 0)
    ++swaps_;
  // There and back again: a pass that looked before has seen nothing of it.
  for (auto times = random_.below(4); times > 0; --times) exchange();
  for (const std::string& left : {name, name + "-away"}) {
    try {
      if (exists(spare_, left)) remove(spare_, left);
    } catch (const std::exception&) {
      // The pass still has it open and writes to it; it goes with its folder.
    }
  }
}

}  // namespace syncline::test
