// SPDX-License-Identifier: MIT
#include "deferred/choose_leader.h"

#include "filesystem/directory.h"
#include "model/handover.h"
#include "pass/failures.h"
#include "replica/link_notes.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace syncline::engine {
namespace {

class LeaderChoice {
 public:
  LeaderChoice(Pass& pass, DeferredFolders& folders, const index::LinkGroup& group,
               std::span<const index::Follower> followers)
      : pass_(pass), folders_(folders), group_(group), followers_(followers) {}

  // What stands for another inode is not to be had.
  Candidate best_of(std::vector<Candidate> candidates) {
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::rank);
    for (const Candidate& candidate : candidates)
      if (!candidate.stays() || candidate.links < 2 ||
          pass_.replica.links.claim(candidate.id, group_.source))
        return candidate;
    return {};
  }

  std::vector<Candidate> candidates() {
    std::vector<Candidate> all;
    if (!find_source()) return all;
    std::map<FileId, std::uint32_t> names;
    for (std::size_t i = 0; i < followers_.size(); ++i)
      attempt(
          *folders_.at(followers_[i].folder), followers_[i].row.name,
          [&] {
            const auto now = look_in_destination(followers_[i]);
            if (!now || now->kind == Kind::folder) return;
            ++names[now->identity.id];
            all.push_back(candidate(i, *now));
          },
          [](const Failure& /*to be met again when it is judged*/) {});
    for (Candidate& each : all) {
      each.names = names.at(each.id);
      each.is_owned = each.names == each.links;
    }
    return all;
  }

 private:
  Candidate candidate(std::size_t number, const Entry& now) {
    Candidate found{.number = number,
                    .id = now.identity.id,
                    .links = now.links,
                    .known = followers_[number].known};
    if (Admission* const admission = pass_.replica.admission)
      found.planned_as = admission->planned_as(
          path_of(*folders_.at(followers_[number].folder), followers_[number].row.name).whole());
    found.has_shape = has_shape_of(source_, now);
    if (!found.has_shape) return found;
    const Entry source = adapted_to(now, source_, pass_.terms);
    const MetadataChange change =
        difference(source, now, pass_.terms.means(*folders_.at(followers_[number].folder)));
    if (changes_hands(now, source, change)) {
      found.has_shape = false;  // a fresh one takes its place
      return found;
    }
    found.has_mtime = !change.mtime;
    found.is_same = !change.any();
    return found;
  }

  // In a dry run its folder may only be going to be there.
  std::optional<Entry> look_in_destination(const index::Follower& follower) {
    const auto directory = open_if_there(pass_, *folders_.at(follower.folder));
    return directory ? directory->look(follower.row.name) : std::nullopt;
  }

  bool find_source() {
    for (const index::Follower& follower : followers_) {
      bool is_there = false;
      attempt(
          *folders_.at(follower.folder), follower.row.name,
          [&] {
            const FolderRef folder = folders_.at(follower.folder);
            const auto now = pass_.source.look_at({*folder}, follower.row.name);
            is_there = is_still_of(group_, *folder, now);
            if (is_there) source_ = *now;
          },
          [](const Failure& /*to be met again when it is judged*/) {});
      if (!is_there) continue;
      pass_.terms.adapt(*folders_.at(follower.folder), source_);
      return true;
    }
    return false;
  }

  Pass& pass_;
  DeferredFolders& folders_;
  const index::LinkGroup& group_;
  const std::span<const index::Follower> followers_;
  Entry source_;
};

}  // namespace

// But for what files hold.
bool has_shape_of(const Entry& source, const Entry& there) {
  return there.kind == source.kind && there.identity.size == source.identity.size &&
         there.target == source.target && there.rdev == source.rdev;
}

Entry adapted_to(const Entry& there, Entry source, const Terms& terms) {
  terms.adapt_to(source, there);
  return source;
}

Candidate choose_leader(Pass& pass, DeferredFolders& folders, const index::LinkGroup& group,
                        std::span<const index::Follower> followers) {
  LeaderChoice choice{pass, folders, group, followers};
  return choice.best_of(choice.candidates());
}

}  // namespace syncline::engine
