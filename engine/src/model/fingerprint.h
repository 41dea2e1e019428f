// What the bytes of a file, or of a chunk, come to: an MD5, which is told and compared with what
// other tools say, and a tag, which is trusted. Whoever can write to a file can make two contents
// of one MD5; nobody but the index can tell what their tags are (tag/tagger.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace syncline {

using Tag = std::array<std::byte, 16>;

struct Fingerprint {
  Digest digest;
  std::optional<Tag> tag{};  ///< none: of an index that had none yet
};

enum class Match : std::uint8_t {
  same,     ///< both were made of the same bytes
  other,    ///< they were not
  unknown,  ///< they have one MD5, and one of them no tag
};

inline Match match(const Fingerprint& a, const Fingerprint& b) {
  if (a.digest != b.digest) return Match::other;
  if (!a.tag || !b.tag) return Match::unknown;
  return *a.tag == *b.tag ? Match::same : Match::other;
}

}  // namespace syncline
