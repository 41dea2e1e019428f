// SPDX-License-Identifier: MIT
#include "pass/source.h"

#include <array>
#include <utility>

namespace syncline::engine {

std::optional<Entry> Source::look_at(const SourcePlace& at, const std::string& name) {
  SourceLook found;
  const std::array<const std::string*, 1> names{&name};
  look(at, names, [&](std::size_t /*the only one*/, SourceLook look) {
    found = std::move(look);
    return true;
  });
  if (found.error && !found.entry) throw filesystem::SystemError{*found.error};
  return std::move(found.entry);
}

}  // namespace syncline::engine
