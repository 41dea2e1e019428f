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
      if (change.any()) return decision::SetMetadata{change};
      return decision::Leave{};
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
