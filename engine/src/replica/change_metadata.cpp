// SPDX-License-Identifier: MIT
#include "replica/change_metadata.h"

#include "judge/as_left.h"
#include "model/wanted.h"
#include "replica/exceptions.h"
#include "replica/intentions.h"
#include "replica/keep.h"
#include "replica/unchanged.h"

#include <utility>

namespace syncline::engine {

std::optional<Entry> look_whole(const filesystem::Directory& directory, const std::string& name) {
  auto now = directory.look(name);
  if (now) now->attributes = directory.attributes(name);
  return now;
}

ChangedMetadata change_metadata(Pass& pass, Folder& folder, const std::string& name,
                                const Entry& source, const Entry& destination,
                                const Exception* known, std::vector<index::Edit>& edits) {
  const auto directory = pass.handles.get(folder);
  Entry want = pass.terms.wanted(folder, source, destination, destination);
  Identity before;
  MetadataChange change;
  ChangedMetadata changed;
  changed.result = keep_metadata(
      pass, folder, name, want, destination, known, Since::met,
      [&](MetadataChange asked) {
        if (auto* const intentions = pass.replica.intentions)
          intentions->set_metadata(folder, name, destination,
                                   left_with(folder, destination, want, asked));
        auto set = directory->set_metadata(name, destination, want, asked);
        if (!change.any()) before = set.before;
        change = change | asked;
        return std::move(set.refusal);
      },
      [&] {
        const auto now = look_whole(*directory, name);
        changed.now = now ? std::optional{now->identity} : std::nullopt;
        return now.value_or(want);
      });
  const Exception* const exception = changed.result.exception.get();
  note_exception(folder.row.key, name, known, changed.result.exception, edits);
  const IdentityRule rule = folder.there.stamping.rule;
  changed.is_as_left = changed.now && is_unmoved(before, destination.identity, rule) &&
                       is_as_left(before, *changed.now, change, source, rule, exception);
  return changed;
}

}  // namespace syncline::engine
