// SPDX-License-Identifier: MIT
#include "stages/decide.h"

namespace syncline::stages {
namespace {

// A file that three readings in a row did not find at rest is being written to for longer than
// waiting helps.
constexpr int most_attempts = 3;

Decision decide_equal(const FileTask& task, const Privileges& privileges) {
  const auto change = difference(task.source, *task.destination, privileges);
  if (!change.any()) return decision::Leave{};
  // Another name of that inode, perhaps outside the root, would change with it.
  if (task.destination->links > 1) return decision::Publish{};
  return decision::SetMetadata{change};
}

// Nothing was copied on the way: where a copy turns out to be needed, it is made by reading again.
Decision decide_one_sided(const LoadedFile& file, const Privileges& privileges) {
  if (file.digest != file.task.known) return decision::ReadBoth{};
  Decision decision = decide_equal(file.task, privileges);
  if (std::holds_alternative<decision::Publish>(decision)) return decision::ReadBoth{};
  return decision;
}

}  // namespace

Decision decide(const LoadedFile& file, const Privileges& privileges) {
  const FileTask& task = file.task;
  switch (file.progress) {
    case Progress::loaded:
      if (task.reads == Reads::both) return decision::Publish{};
      return decide_one_sided(file, privileges);
    case Progress::equal:
      return decide_equal(task, privileges);
    case Progress::changed:
      if (task.attempt < most_attempts) return decision::ReadAgain{};
      return decision::GiveUp{};
    case Progress::failed:
      return decision::Report{};
    case Progress::waiting:
    case Progress::dropped:
      break;
  }
  return decision::Drop{};
}

}  // namespace syncline::stages
