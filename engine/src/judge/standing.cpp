// SPDX-License-Identifier: MIT
#include "judge/standing.h"

namespace syncline::engine {
namespace {

bool has_mtime_of(const Entry& source, const Entry& destination, const Remembered* known,
                  std::optional<std::uint32_t> window_s) {
  if (is_within(source.identity.mtime, destination.identity.mtime, window_s)) return true;
  // A file system that cannot hold the source's mtime has its own for it.
  return known != nullptr &&
         is_unmoved(known->source, source.identity, IdentityRule::size_and_mtime) &&
         is_unmoved(known->destination, destination.identity, IdentityRule::size_and_mtime);
}

Standing of_proof(const Remembered& known, bool source_stands, bool destination_stands) {
  if (!source_stands && !destination_stands) return Standing::both_moved;
  if (!source_stands)
    return known.destination_proved ? Standing::source_moved : Standing::both_moved;
  if (!destination_stands)
    return known.source_proved ? Standing::destination_moved : Standing::both_moved;
  if (known.source_proved && known.destination_proved) return Standing::proved;
  if (known.destination_proved) return Standing::source_unsure;
  if (known.source_proved) return Standing::destination_unsure;
  return Standing::both_unsure;
}

// The first of its parts that did, in the order of what that tells.
reason::Stamp what_moved(const Identity& then, const Identity& now) {
  if (then.id.inode != now.id.inode) return reason::Stamp::inode;
  if (then.mtime != now.mtime) return reason::Stamp::mtime;
  return reason::Stamp::ctime;
}

}  // namespace

Reason why_read(Standing standing, const std::optional<Remembered>& known, const Identity& source,
                const Identity& destination) {
  switch (standing) {
    case Standing::source_moved:
      return {ReasonCode::source_moved, reason::Moved{.source = what_moved(known->source, source)}};
    case Standing::destination_moved:
      return {ReasonCode::destination_moved,
              reason::Moved{.destination = what_moved(known->destination, destination)}};
    case Standing::both_moved:
      return {ReasonCode::both_moved,
              reason::Moved{.source = what_moved(known->source, source),
                            .destination = what_moved(known->destination, destination)}};
    case Standing::source_unsure:
    case Standing::destination_unsure:
    case Standing::both_unsure:
      return {ReasonCode::unsure};
    case Standing::rotten:
      return {ReasonCode::found_rotten};
    case Standing::asked:
      return {ReasonCode::asked};
    case Standing::unknown:
    case Standing::proved:
    case Standing::accepted:
    case Standing::same_size:
      break;
  }
  return {ReasonCode::unknown};
}

Standing standing_of(const Remembered* known, const Entry& source, const Entry& destination,
                     const Trust& trust) {
  if (trust.rehash) return Standing::asked;
  const bool is_proof = known != nullptr && known->fingerprint;
  const bool source_stands =
      known != nullptr && is_unmoved(known->source, source.identity, trust.source);
  const bool destination_stands =
      known != nullptr && is_unmoved(known->destination, destination.identity, trust.destination);
  Standing standing = Standing::unknown;
  if (is_proof)
    standing = of_proof(*known, source_stands, destination_stands);
  else if (source_stands && destination_stands)
    standing = Standing::both_unsure;
  if (is_proof && known->is_rotten &&
      is_unmoved(known->source, source.identity, IdentityRule::size_and_mtime))
    return Standing::rotten;
  if (standing == Standing::proved) return standing;
  const bool takes_mtime = trust.mtime || (trust.adopt && !is_proof);
  if (takes_mtime && has_mtime_of(source, destination, known, trust.mtime_window_s))
    return Standing::accepted;
  if (trust.size) return Standing::same_size;
  return standing;
}

}  // namespace syncline::engine
