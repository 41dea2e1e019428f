// The names of one inode that are to be linked, at work.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deferred_folders.h"
#include "deferred/link_outcome.h"
#include "deferred/open_place.h"
#include "filesystem/descriptor.h"
#include "filesystem/directory.h"
#include "index/link_groups.h"
#include "model/entry.h"
#include "pass/failures.h"
#include "pass/pass.h"
#include "walk/batch.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// A name to be judged.
struct Judgement {
  index::Follower follower;
  Chosen chosen;
};

/// For one thread, and one time.
class LinkGroupWork {
 public:
  /// `followers`: all of one group. `trying` is held while a link is made to see whether it can be.
  /// Everything given must outlive it.
  LinkGroupWork(Pass& pass, DeferredFolders& folders, std::mutex& trying,
                std::span<const index::Follower> followers, bool may_hold, LinkOutcome& out,
                std::vector<Judgement>& judged)
      : pass_(pass),
        folders_(folders),
        trying_(trying),
        group_(followers.front().group),
        followers_(followers),
        may_hold_(may_hold),
        out_(out),
        judged_(judged) {}

  /// Once.
  void link();

 private:
  enum class Linked : std::uint8_t {
    yes,
    no,     ///< it is told of
    held,   ///< not now
    apart,  ///< not to this leader
    alone,  ///< to none
  };

  void tell_failed(const index::Follower& follower, const Failure& why);
  void find_leader();
  std::string changed_operation() const;
  void require_our_work() const;
  void link_all();
  // What fails is told of `follower`.
  template <typename Work>
  bool attempt_on(const index::Follower& follower, Work work) {
    return attempt(*folders_.at(follower.folder), follower.row.name, std::move(work),
                   [&](Failure failure) { out_.events.emplace_back(std::move(failure)); });
  }

  bool put(const index::Follower& follower);
  void stand_alone(const index::Follower& follower);
  void count_unkept(const index::Follower& follower);
  Linked link_one(const index::Follower& follower);
  void tell(Failure failure);
  bool is_still_in_source(const index::Follower& follower, Folder& folder);
  bool is_of_group(Folder& folder);
  Linked put_link(const index::Follower& follower, Folder& folder);
  bool is_fuller(const Entry& now, const std::string& name, const filesystem::Directory& directory,
                 Folder& folder);
  bool takes_name(const filesystem::Directory& directory, const std::string& name, FileId id);
  static Verb verb_of(const index::Follower& follower, const std::optional<Entry>& replaced);
  [[nodiscard]] bool may_link(const index::Follower& follower, Folder& folder,
                              const std::optional<Entry>& replaced) const;
  void tell(const index::Follower& follower, Folder& folder, const std::optional<Entry>& replaced);
  void tell_undecided(const index::Follower& follower, Folder& folder, const std::string& first,
                      const std::optional<Entry>& now);
  Action action_on(const index::Follower& follower, Folder& folder, const std::string& first,
                   const std::optional<Entry>& replaced);
  void preview(const index::Follower& follower, const index::LinkGroups::Led& led);
  void look_after(bool was_short);
  void note_links(const std::vector<const index::Follower*>& linked);
  void choose();
  std::uint64_t others();

  Pass& pass_;
  DeferredFolders& folders_;
  std::mutex& trying_;
  const index::LinkGroup group_;
  const std::span<const index::Follower> followers_;
  const bool may_hold_;
  LinkOutcome& out_;
  std::vector<Judgement>& judged_;
  index::Leader leader_;
  Entry leader_there_;  ///< as it was when it was found
  Place place_;
  filesystem::Descriptor held_;  ///< what leads
  Entry source_;                 ///< of the follower at hand
  std::uint32_t names_ = 0;      ///< of the leader's inode
  bool has_proof_ = false;
  bool has_moved_ = false;                      ///< its stamps did
  bool is_mounted_ = false;                     ///< what the follower at hand has in its place
  std::map<index::FolderKey, Linked> refused_;  ///< folders that take no name of the leader's inode
  std::optional<FileId> full_;                  ///< takes no name where the leader is
};

}  // namespace syncline::engine
