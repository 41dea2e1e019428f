// What is to be done with a file once it is read and hashed. Pure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"
#include "stages/transfer.h"

namespace syncline::stages {

namespace decision {
/// Both sides are proved the same, metadata included.
struct Leave {};
/// The bytes are, the metadata is not.
struct SetMetadata {
  MetadataChange change;
};
/// The copy takes the file's place.
struct Publish {};
/// It changed while it was read: once more, from the beginning.
struct ReadAgain {};
/// The side that was read is not what the other is known to be: both, this time.
struct ReadBoth {};
/// It keeps changing: the old one stays.
struct GiveUp {};
/// Something failed; LoadedFile::failure says what.
struct Report {};
/// The pass is ending.
struct Drop {};
}  // namespace decision

using Decision =
    std::variant<decision::Leave, decision::SetMetadata, decision::Publish, decision::ReadAgain,
                 decision::ReadBoth, decision::GiveUp, decision::Report, decision::Drop>;

Decision decide(const LoadedFile& file, const Privileges& privileges);

}  // namespace syncline::stages
