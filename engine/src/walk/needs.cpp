// SPDX-License-Identifier: MIT
#include "walk/needs.h"

#include "replica/exceptions.h"

namespace syncline::engine {

bool is_pair(const std::optional<Entry>& source, const std::optional<Entry>& destination) {
  return source && destination && source->kind == Kind::file && destination->kind == Kind::file &&
         source->identity.size == destination->identity.size;
}

Standing standing_in(const Remembered* known, const std::optional<Entry>& source,
                     const std::optional<Entry>& destination, const Trust& trust) {
  return is_pair(source, destination) ? standing_of(known, *source, *destination, trust)
                                      : Standing::unknown;
}

bool needs_attributes(const Entry& source, Standing standing, const Remembered* known) {
  if (source.kind == Kind::folder) return false;
  if (source.kind != Kind::file) return true;
  return is_same(standing) && !(standing == Standing::proved && known->attributes_kept);
}

Means means_for(const Pass& pass, Folder& folder, const Exception* exception,
                const std::optional<Entry>& source, const std::optional<Entry>& destination) {
  const bool is_excepted = exception != nullptr && source && destination;
  return is_excepted ? excusing(pass.terms.means(folder), exception, *source, *destination)
                     : pass.terms.means(folder);
}

}  // namespace syncline::engine
