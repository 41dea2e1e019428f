// SPDX-License-Identifier: MIT
#include "content/decide.h"

#include "model/handover.h"

namespace syncline::engine {
namespace {

// A file that three readings in a row did not find at rest is being written to for longer than
// waiting helps.
constexpr int most_attempts = 3;

bool has_fingerprint(const FileTask& task) {
  return task.known && task.known->fingerprint;
}

// Its identity is the one under which it had the remembered digest. Bytes that were found rotten do
// not get better by a chmod.
bool source_stands(const FileTask& task, const Grounds& grounds) {
  if (!has_fingerprint(task)) return false;
  const IdentityRule rule =
      task.known->is_rotten ? IdentityRule::size_and_mtime : grounds.trust.source;
  return task.known->source_proved && is_unmoved(task.known->source, task.source.identity, rule);
}

bool destination_stands(const FileTask& task, const Grounds& grounds) {
  return task.known->destination_proved &&
         is_unmoved(task.known->destination, task.destination->identity, grounds.trust.destination);
}

Match match_known(const LoadedFile& file) {
  return match(file.fingerprint, *file.task.known->fingerprint);
}

// As far as can be told.
bool has_known_content(const LoadedFile& file) {
  return match_known(file) != Match::other;
}

// All of the source's bytes are still in memory, to be written from there.
bool is_in_hand(const LoadedFile& file) {
  return file.task.reads != Reads::destination && travels_in_group(file.task.source.identity.size);
}

// A side whose identity moved may have changed, and one that has other bytes than are remembered
// has.
Cause cause_of(const LoadedFile& file, const Grounds& grounds) {
  const FileTask& task = file.task;
  if (task.unreadable != 0) return Cause::unreadable;
  if (!task.destination) return Cause::edited;
  const Timestamp& source_mtime = task.source.identity.mtime;
  const Timestamp& destination_mtime = task.destination->identity.mtime;
  if (!has_fingerprint(task))
    return source_mtime == destination_mtime ? Cause::doubtful : Cause::edited;
  const bool destination_stood = destination_stands(task, grounds);
  const bool destination_is_silent = destination_mtime == task.known->destination.mtime;
  if (task.reads != Reads::destination && has_known_content(file)) {
    if (destination_stood) return Cause::rotten_destination;
    return destination_is_silent ? Cause::silent_destination : Cause::edited;
  }
  if (source_mtime != task.known->source.mtime) return Cause::edited;
  return destination_stood || !destination_is_silent ? Cause::silent_source : Cause::doubtful;
}

Decision decide_other(const LoadedFile& file, const Grounds& grounds) {
  const Cause cause = cause_of(file, grounds);
  if (cause == Cause::doubtful && grounds.keep_doubtful) return decision::Doubt{};
  return decision::Publish{cause};
}

Decision decide_equal(const FileTask& task, const Grounds& grounds) {
  const auto change = difference(task.source, *task.destination, grounds.means);
  if (!change.any()) return decision::Leave{};
  // Another name of that inode, perhaps outside the root, would change with it.
  if (task.destination->links > 1 || changes_hands(*task.destination, task.source, change))
    return decision::Publish{.is_equal = true};
  return decision::SetMetadata{change};
}

// Where all of the bytes are not at hand any more, a copy is made by reading again.
Decision decide_one_sided(const LoadedFile& file, const Grounds& grounds) {
  if (match_known(file) == Match::unknown) return decision::ReadBoth{};
  const Decision decision =
      has_known_content(file) ? decide_equal(file.task, grounds) : decide_other(file, grounds);
  if (std::holds_alternative<decision::Publish>(decision) && !is_in_hand(file))
    return decision::ReadBoth{};
  return decision;
}

Decision decide_read(const LoadedFile& file, const Grounds& grounds) {
  const FileTask& task = file.task;
  if (task.is_rotten)
    return decision::Rot{has_known_content(file) ? decision::Rot::Destination::good
                                                 : decision::Rot::Destination::other};
  if (task.reads != Reads::destination && source_stands(task, grounds) &&
      !has_known_content(file)) {
    if (file.progress == Progress::equal) return decision::Rot{decision::Rot::Destination::other};
    if (task.destination && task.unreadable == 0) return decision::CheckDestination{};
    return decision::Rot{};
  }
  if (task.is_afresh) return decision::Publish{};
  if (task.reads != Reads::both) return decide_one_sided(file, grounds);
  if (file.progress == Progress::equal) return decide_equal(task, grounds);
  return decide_other(file, grounds);
}

}  // namespace

Decision decide(const LoadedFile& file, const Grounds& grounds) {
  const FileTask& task = file.task;
  switch (file.progress) {
    case Progress::loaded:
    case Progress::equal:
      return decide_read(file, grounds);
    case Progress::changed:
      if (task.is_rotten) return decision::Rot{};
      if (task.reads == Reads::destination) return decision::ReadBoth{};
      if (task.attempt < most_attempts) return decision::ReadAgain{};
      return decision::GiveUp{};
    case Progress::held:
      return decision::AskAgain{};
    case Progress::failed:
      return decision::Report{};
    case Progress::waiting:
    case Progress::dropped:
      break;
  }
  return decision::Drop{};
}

bool is_handed_over(const FileTask& task, const Means& means) {
  return task.destination && changes_hands(*task.destination, task.source,
                                           difference(task.source, *task.destination, means));
}

ReasonCode reason_of(Cause cause) {
  switch (cause) {
    case Cause::edited:
      break;
    case Cause::silent_source:
      return ReasonCode::silent_source;
    case Cause::silent_destination:
      return ReasonCode::silent_destination;
    case Cause::rotten_destination:
      return ReasonCode::rotten_destination;
    case Cause::unreadable:
      return ReasonCode::file_unreadable;
    case Cause::doubtful:
      return ReasonCode::doubtful;
  }
  return ReasonCode::content;
}

}  // namespace syncline::engine
