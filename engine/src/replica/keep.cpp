// SPDX-License-Identifier: MIT
#include "replica/keep.h"

#include "replica/exceptions.h"

#include <utility>

namespace syncline::engine {
namespace {

constexpr std::uint32_t rights = 0777;

void count(Pass& pass, const Folder& folder, const std::string& name, MetadataChange lacking) {
  const auto add = [&](bool lacks, Aspect aspect) {
    if (lacks) pass.books.unkept.add(aspect, folder, name);
  };
  add(lacking.owner, Aspect::owner);
  add(lacking.group, Aspect::group);
  add(lacking.mode, Aspect::mode);
  add(lacking.mtime, Aspect::mtime);
  add(lacking.attributes, Aspect::attributes);
  add(lacking.acl, Aspect::acl);
  add(lacking.capabilities, Aspect::capabilities);
}

// What every file system has room for: FAT begins in 1980, and inodes of 128 bytes (ext4's, and
// those of XFS without bigtime) end with 32 bits of seconds, in 2038.
bool is_ordinary_time(const Timestamp& time) {
  constexpr std::int64_t year_1980_s = 315'532'800;
  constexpr std::int64_t year_2038_s = 2'145'916'800;
  return time.seconds >= year_1980_s && time.seconds < year_2038_s;
}

// Of `change`, what was taken without a word and is something else now.
MetadataChange ignored(MetadataChange change, const Entry& want, const Entry& now) {
  const auto differs = [&](AttributeClass which) {
    return differ(want.attributes, now.attributes, which);
  };
  return {.owner = change.owner && now.uid != want.uid,
          .group = change.group && now.gid != want.gid,
          .mode = change.mode && now.mode != want.mode,
          .mtime = change.mtime && !is_kept_as(want.identity.mtime, now.identity.mtime),
          .attributes = change.attributes &&
                        (differs(AttributeClass::user) || differs(AttributeClass::trusted)),
          .acl = change.acl && differs(AttributeClass::acl),
          .capabilities = change.capabilities && differs(AttributeClass::capability)};
}

bool is_other(const Entry& a, const Entry& b) {
  return a.uid != b.uid || a.gid != b.gid || a.mode != b.mode ||
         a.identity.mtime != b.identity.mtime || a.attributes != b.attributes;
}

}  // namespace

MetadataChange count_unkept(Pass& pass, Folder& folder, const std::string& name,
                            const Entry& source, const Entry& found, const Means& means) {
  const MetadataChange lacking = shortfall(source, found, means);
  if (lacking.any()) count(pass, folder, name, lacking);
  return lacking;
}

MetadataWork::MetadataWork(Pass& pass, Folder& folder, Entry& want, const Entry& found,
                           const Exception* known, Since since)
    : pass_(pass),
      folder_(folder),
      want_(want),
      found_(found),
      known_(known),
      since_(since),
      wanted_mode_(want.mode),
      means_(excusing(pass.terms.means_for_wanted(folder), known, want, found)) {
  const Differences differences = syncline::differences(want, found, means_);
  change_ = differences.to_set;
  lacking_ = differences.lacking;
  if (since == Since::made_private && want.kind != Kind::symlink)
    change_.mode = means_.holds.mode && !means_.excused.mode;
  if (lacking_.any()) fit_mode();
}

void MetadataWork::fit_mode() {
  const MetadataChange lost = lacking_ | lost_ | postponed_;
  want_.mode = mode_without(want_, lost.owner, lost.group);
}

void MetadataWork::note(filesystem::Refusal refusal) {
  if (!(refusal.pieces | refusal.postponed).any()) return;
  learn_unheld(folder_, refusal.holds);
  postponed_ = refusal.postponed;
  lost_ = refusal.pieces.without(postponed_);
  is_want_of_right_ = refusal.is_want_of_right;
  if (refusal.failure)
    failure_ = std::make_shared<const filesystem::ExplainedError>(std::move(*refusal.failure));
  fit_mode();
}

// Those that have no ctime (FAT, network and user-space file systems) may have no modes and owners
// either, and say nothing when these are set.
bool MetadataWork::has_to_look() const {
  return since_ == Since::met || lost_.any() || means_.holds.stamps != IdentityRule::everything ||
         (change_.mode && (want_.mode & ~rights) != 0) ||
         (change_.mtime && !is_ordinary_time(want_.identity.mtime));
}

MetadataChange MetadataWork::note(Entry now) {
  const MetadataChange lost = ignored(change_.without(lost_ | postponed_), want_, now);
  now_ = std::move(now);
  learn_ignored(lost);
  lost_ = lost_ | lost;
  fit_mode();
  const bool has_bits_to_lose =
      (lost.owner || lost.group) && (now_->mode & ~want_.mode & ~rights) != 0;
  return {.mode = has_bits_to_lose};
}

// Of the file system only where nothing at all was taken, and never was before: a set-group bit
// that the kernel drops tells of one entry.
void MetadataWork::learn_ignored(MetadataChange lost) const {
  const auto& known = folder_.there.unheld;
  if (means_.holds.stamps == IdentityRule::everything || !known) return;
  if (change_.owner && !lost.owner) known->takes_owner = true;
  if (change_.group && !lost.group) known->takes_group = true;
  if (change_.mode && !lost.mode) known->takes_mode = true;
  const bool has_other_rights = (want_.mode & rights) != (found_.mode & rights);
  Holds holds;
  holds.owner = !(lost.owner && now_->uid == found_.uid);
  holds.group = !(lost.group && now_->gid == found_.gid);
  holds.mode = !(lost.mode && has_other_rights && now_->mode == found_.mode);
  learn_unheld(folder_, holds);
}

MetadataResult MetadataWork::finish(const std::string& name) {
  const bool is_whole = !(lacking_ | lost_ | postponed_).any();
  if (is_whole && known_ == nullptr) return {.has_set = change_.any()};
  lacking_ = lacking_ | lost_;
  lacking_.mode = lacking_.mode || (want_.mode != wanted_mode_ && want_.kind != Kind::symlink);
  if (lacking_.any()) count(pass_, folder_, name, lacking_);
  return {.lacking = lacking_ | postponed_,
          .has_set = change_.without(lost_ | postponed_).any() ||
                     (now_ && lost_.any() && is_other(*now_, found_)),
          .exception =
              exception_of(known_, means_.excused, lost_, want_, now_ ? *now_ : found_,
                           pass_.terms.privileges.user, is_want_of_right_ && since_ == Since::met),
          .failure = std::move(failure_)};
}

MetadataResult keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                                    Entry want, const Exception* known) {
  const auto look = [&] {
    Entry now = opened.look();
    now.attributes = opened.attributes();
    return now;
  };
  const Entry found = look();
  const auto set = [&](MetadataChange change) { return opened.set_metadata(want, change); };
  const bool is_new = folder.created;
  return keep_metadata(pass, folder, {}, want, found, known, is_new ? Since::made : Since::met, set,
                       look);
}

}  // namespace syncline::engine
