// SPDX-License-Identifier: MIT
#include "pass/terms.h"

#include "model/wanted.h"

#include <utility>

namespace syncline::engine {

Terms::Terms(const Options& asked, Privileges may, bool destination_is_ours, OpenLimits may_be_open,
             const index::Secrets& of_the_index)
    : options(asked),
      privileges(std::move(may)),
      locked(destination_is_ours),
      open_limits(may_be_open),
      rules(asked.filters, asked.delete_excluded),
      listed(asked.listed ? filter::Listed::build(*asked.listed, asked.recurse_listed) : nullptr),
      secrets(of_the_index),
      tagger(secrets.content) {}

bool Terms::is_of_nosuid(const Folder& folder, const Entry& source) const {
  return source.kind == Kind::file && folder.from->limits.no_set_id && !options.trust_nosuid;
}

bool Terms::withholds_set_id(const Folder& folder, const Entry& source) const {
  return (source.mode & set_id_bits) != 0 && is_of_nosuid(folder, source);
}

bool Terms::withholds_device(const Folder& folder, const Entry& source) const {
  const bool is_device = source.kind == Kind::character_device || source.kind == Kind::block_device;
  return is_device && folder.from->limits.no_devices && !options.trust_nodev;
}

void Terms::adapt(const Folder& folder, Entry& source) const {
  if (is_of_nosuid(folder, source)) source.mode &= ~set_id_bits;
  syncline::adapt(source, options.metadata);
}

bool Terms::adapt_attributes(const Folder& folder, Entry& source) const {
  const bool loses = is_of_nosuid(folder, source) && has(source.attributes, capability);
  if (loses)
    std::erase_if(source.attributes, [](const Attribute& x) { return x.name == capability; });
  if (!options.metadata.mode_changes.empty()) fit_acl(source);
  return loses;
}

bool Terms::is_new(Folder& folder, const Entry& source, const std::optional<Entry>& old) const {
  return syncline::is_new(old, old ? difference(source, *old, means(folder)) : MetadataChange{});
}

Entry Terms::wanted(Folder& folder, const Entry& source, const std::optional<Entry>& old,
                    const Entry& made) const {
  const bool has_mode_from_system = !options.metadata.mode && is_new(folder, source, old);
  return syncline::wanted(source, old, made, has_mode_from_system, options.metadata);
}

bool Terms::keeps_all_metadata() const {
  const KeptMetadata& kept = options.metadata;
  return kept.owner && kept.group && kept.mode;
}

Means Terms::means(Folder& folder) const {
  const KeptMetadata& kept = options.metadata;
  Means means = means_for_wanted(folder);
  means.compared.owner = kept.owner;
  means.compared.group = kept.group;
  means.compared.mode = kept.mode;
  means.compared.executability = kept.executability;
  return means;
}

Means Terms::means_for_wanted(Folder& folder) const {
  const KeptMetadata& kept = options.metadata;
  Means means{.user = privileges, .holds = {}, .compared = {}};
  means.compared.file_times = kept.times;
  means.compared.folder_times = kept.times && kept.folder_times;
  means.compared.link_times = kept.times && kept.link_times;
  means.compared.mtime_window_s = kept.mtime_window_s;
  const ReplicaSide& side = folder.there;
  means.holds.stamps = side.stamping.rule;
  if (!side.unheld) return means;
  means.holds.owner = !side.unheld->owner;
  means.holds.group = !side.unheld->group;
  means.holds.mode = !side.unheld->mode;
  means.holds.user_attributes = !side.unheld->user_attributes;
  means.holds.trusted_attributes = !side.unheld->trusted_attributes;
  means.holds.acl = !side.unheld->acl;
  means.holds.capabilities = !side.unheld->capabilities;
  return means;
}

Trust Terms::trust_in(Folder& folder) const {
  return {.rehash = options.rehash,
          .adopt = options.adopt,
          .mtime = options.trust_mtime,
          .size = options.size_only,
          .source = folder.from->stamping.rule,
          .destination = folder.there.stamping.rule,
          .mtime_window_s = options.metadata.mtime_window_s};
}

}  // namespace syncline::engine
