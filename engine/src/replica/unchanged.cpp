// SPDX-License-Identifier: MIT
#include "replica/unchanged.h"

#include <utility>

namespace syncline::engine {

void tell_unchanged(const Pass& pass, const Folder& folder, const std::string& name,
                    const Entry& source, std::vector<Event>& events, Path link_of) {
  if (!pass.terms.options.tell_unchanged) return;
  events.emplace_back(Action{.verb = Verb::keep,
                             .kind = source.kind,
                             .path = name.empty() ? path_of(folder) : path_of(folder, name),
                             .reason = {ReasonCode::same},
                             .bytes = 0,
                             .digest = {},
                             .properties = properties_of(source),
                             .target = source.target,
                             .link_of = std::move(link_of)});
}

}  // namespace syncline::engine
