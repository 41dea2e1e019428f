// What has to happen to one name, decided from what both sides hold. Pure: no disk, no clock.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "judge/standing.h"
#include "model/entry.h"
#include "model/metadata.h"

#include "syncline/reason.h"

#include <optional>
#include <variant>

namespace syncline::engine {

namespace verdict {
/// Nothing to do.
struct Same {};
/// Folders on both sides: their content decides.
struct Descend {};
/// The destination has nothing of that name.
struct Create {};
/// Files of one size on both sides: their bytes decide.
struct Prove {};
/// A non-folder takes the place of a non-folder, in one rename.
struct Overwrite {
  Reason reason;
  bool changes_hands = false;  ///< for that alone: it may hold the same, but is not to be changed
};
/// The same content, other metadata.
struct SetMetadata {
  MetadataChange change;
};
/// A folder takes the place of a non-folder.
struct Supplant {};
/// A non-folder takes the place of a folder: that destroys what is in it, so it waits for the
/// guard.
struct Displace {};
/// The source has nothing of that name.
struct Remove {};
}  // namespace verdict

using Verdict = std::variant<verdict::Same, verdict::Descend, verdict::Create, verdict::Prove,
                             verdict::Overwrite, verdict::SetMetadata, verdict::Supplant,
                             verdict::Displace, verdict::Remove>;

/// At least one of the two must be there. `standing` is that of two files of the same size.
Verdict compare(const std::optional<Entry>& source, const std::optional<Entry>& destination,
                const Means& means, Standing standing = Standing::unknown);

/// All in which two entries of one kind differ, as far as it was looked at and can be kept; of
/// files' content, the size.
Difference difference_between(const Entry& source, const Entry& destination, const Means& means);

/// Why SetMetadata, or by another `code` why a fresh one is made for such a change.
Reason reason_of(MetadataChange change, const Entry& source, const Entry& destination,
                 ReasonCode code = ReasonCode::metadata);

}  // namespace syncline::engine
