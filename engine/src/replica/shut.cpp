// SPDX-License-Identifier: MIT
#include "replica/shut.h"

#include "filesystem/system_error.h"
#include "model/handover.h"
#include "pass/select.h"
#include "replica/exceptions.h"
#include "replica/holding.h"
#include "replica/intentions.h"

namespace syncline::engine {
namespace {

MetadataChange change_of(const Pass& pass, Folder& folder, const Entry& found) {
  return difference(
      *folder.source, found,
      excusing(pass.terms.means(folder), folder.exception.get(), *folder.source, found));
}

}  // namespace

MetadataChange shut_until_settled(Pass& pass, Folder& folder, const Entry& found,
                                  const filesystem::Directory& opened) {
  constexpr std::uint32_t rights_of_others = 0077;
  if (pass.terms.deletes_only || is_no_more_than_a_place(pass, folder)) return {};
  if (!changes_hands(found, *folder.source, change_of(pass, folder, found))) return {};
  if (folder.there.unheld) learn_what_is_held(pass, folder, *folder.source);
  const MetadataChange change = change_of(pass, folder, found);
  if (!changes_hands(found, *folder.source, change)) return {};
  Entry shut = found;
  shut.uid = pass.terms.privileges.user;
  shut.mode = Privileges::all_of_owner;
  // Whoever may get in before and after may do so meanwhile.
  const bool is_of_mode_alone = !change.owner && !change.group && !change.acl;
  if (is_of_mode_alone) shut.mode |= found.mode & folder.source->mode;
  const MetadataChange to_set{.owner = change.owner && found.uid != shut.uid,
                              .mode = (pass.terms.options.metadata.mode || !is_of_mode_alone) &&
                                      pass.terms.means(folder).holds.mode &&
                                      (found.mode & ~shut.mode & rights_of_others) != 0};
  if (!to_set.any()) return {};
  try {
    if (pass.replica.intentions != nullptr) pass.replica.intentions->change(folder, opened);
    static_cast<void>(opened.set_metadata(shut, to_set));
  } catch (const filesystem::SystemError&) {
    // See above.
  }
  folder.touched = true;
  return to_set;
}

void close_again(Pass& pass, Folder& folder) {
  if (!folder.touched || !folder.destination ||
      !pass.terms.privileges.is_shut_out(*folder.destination, Privileges::all_of_owner))
    return;
  pass.handles.get(folder)->set_metadata(*folder.destination, {.mode = true});
}

}  // namespace syncline::engine
