// SPDX-License-Identifier: MIT
#include "stages/keep.h"

namespace syncline::stages {

MetadataChange count_unkept(Pass& pass, Folder& folder, const std::string& name,
                            const Entry& source, const Entry& found) {
  const MetadataChange lacking = shortfall(source, found, pass.means(folder));
  if (!lacking.any()) return lacking;
  const auto count = [&](bool lacks, Aspect aspect) {
    if (lacks) pass.unkept.add(aspect, folder, name);
  };
  count(lacking.owner, Aspect::owner);
  count(lacking.group, Aspect::group);
  count(lacking.mode, Aspect::mode);
  count(lacking.attributes, Aspect::attributes);
  count(lacking.acl, Aspect::acl);
  count(lacking.capabilities, Aspect::capabilities);
  return lacking;
}

MetadataChange ignored(MetadataChange change, const Entry& source, const Entry& now) {
  MetadataChange lost;
  lost.owner = change.owner && now.uid != source.uid;
  lost.group = change.group && now.gid != source.gid;
  lost.mode = change.mode && now.mode != source.mode;
  return lost;
}

void keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                          const Entry& want) {
  Entry found = opened.look();
  found.attributes = opened.attributes();
  keep_metadata(
      pass, folder, {}, want, found,
      [&](MetadataChange change) { return opened.set_metadata(want, change); },
      [&] { return opened.look(); });
}

}  // namespace syncline::stages
