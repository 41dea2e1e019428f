// What is to be done with a file once it is read and hashed. Pure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "model/metadata.h"

namespace syncline::engine {

/// How two files came to hold other bytes, as far as the index can tell.
enum class Cause : std::uint8_t {
  edited,              ///< size or mtime show it
  silent_source,       ///< the source's bytes changed, its size and mtime did not
  silent_destination,  ///< likewise the destination's
  rotten_destination,  ///< the destination's bytes changed under an unchanged identity
  unreadable,          ///< the destination's bytes cannot be read, and nothing is known of them
  doubtful,            ///< size and mtime are the same, and nothing tells which side changed
};

namespace decision {
/// Both sides are proved the same, metadata included.
struct Leave {};
/// The bytes are, the metadata is not.
struct SetMetadata {
  MetadataChange change;
};
/// The copy takes the file's place.
struct Publish {
  Cause cause = Cause::edited;
  bool is_equal = false;  ///< the bytes are the same, but the file is not to be changed
};
/// It changed while it was read: once more, from the beginning.
struct ReadAgain {};
/// The side that was read is not what the other is known to be: both, this time.
struct ReadBoth {};
/// The source's bytes are not what they were, under an unchanged identity: does the destination
/// still hold what is remembered?
struct CheckDestination {};
/// They are not, and nothing is mirrored.
struct Rot {
  enum class Destination : std::uint8_t {
    good,
    other,   ///< it has not what is remembered either
    unread,  ///< there is none of that size, or it could not be read
  };
  Destination destination = Destination::unread;
};
/// Nobody knows which side is right, and both are to be left alone.
struct Doubt {};
/// Somebody else has it, which may pass.
struct AskAgain {};
/// It keeps changing: the old one stays.
struct GiveUp {};
/// Something failed; LoadedFile::failure says what.
struct Report {};
/// The pass is ending.
struct Drop {};
}  // namespace decision

using Decision =
    std::variant<decision::Leave, decision::SetMetadata, decision::Publish, decision::ReadAgain,
                 decision::ReadBoth, decision::CheckDestination, decision::Rot, decision::Doubt,
                 decision::AskAgain, decision::GiveUp, decision::Report, decision::Drop>;

/// What a decision depends on beside the file.
struct Grounds {
  Means means;
  Trust trust;
  bool keep_doubtful = false;
};

Decision decide(const LoadedFile& file, const Grounds& grounds);

/// Whether what the destination has would change hands, so that it is neither changed nor used:
/// whoever has it open could write to it after it was compared.
bool is_handed_over(const FileTask& task, const Means& means);

/// Why a file of the same size is written anew.
ReasonCode reason_of(Cause cause);

}  // namespace syncline::engine
