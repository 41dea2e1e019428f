// SPDX-License-Identifier: MIT
#include "stages/decide.h"

namespace syncline::stages {
namespace {

// A file that three readings in a row did not find at rest is being written to for longer than
// waiting helps.
constexpr int most_attempts = 3;

}  // namespace

Decision decide(const LoadedFile& file, const Privileges& privileges) {
  switch (file.progress) {
    case Progress::loaded:
      return decision::Publish{};
    case Progress::equal: {
      const auto change = difference(file.task.source, *file.task.destination, privileges);
      if (!change.any()) return decision::Leave{};
      // Another name of that inode, perhaps outside the root, would change with it.
      if (file.task.destination->links > 1) return decision::Publish{};
      return decision::SetMetadata{change};
    }
    case Progress::changed:
      if (file.task.attempt < most_attempts) return decision::ReadAgain{};
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
