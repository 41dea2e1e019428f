// Names of a batch that share one inode of the source with others: the first that is mirrored
// leads, and the rest follow after the walk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "index/rows.h"
#include "judge/compare.h"
#include "model/entry.h"
#include "model/exception.h"
#include "pass/pass.h"
#include "walk/batch_look.h"
#include "walk/batch_removals.h"
#include "walk/batch_rows.h"
#include "walk/steps.h"

#include <cstdint>
#include <optional>
#include <string>

namespace syncline::engine {

/// One name of an inode that has others, with what is known of it.
struct LinkedName {
  const std::string& name;
  const Entry& source;
  const std::optional<Entry>& destination;
  const Remembered* known = nullptr;  ///< of files
  const Exception* exception = nullptr;
};

bool has_more_names(const std::optional<Entry>& source);

/// For one thread, over the names of one batch.
class BatchLinks {
 public:
  BatchLinks(Pass& pass, Folder& folder, const Trust& trust, BatchLook& look, BatchRows& rows,
             BatchRemovals& removals, Steps& steps)
      : pass_(pass),
        folder_(folder),
        trust_(trust),
        look_(look),
        rows_(rows),
        removals_(removals),
        steps_(steps) {}

  /// True: another name leads, and this one follows it.
  bool follows(const LinkedName& it);

  /// True: it leads from here on. Otherwise it follows; so does one that may not lead.
  bool leads(const LinkedName& it, bool may_lead);

  /// What stays as it is and has more names stands for one file of the source. What will be
  /// replaced stands for none.
  bool may_keep(const Verdict& verdict, const std::optional<Entry>& source,
                const std::optional<Entry>& destination, const Means& means);

 private:
  [[nodiscard]] bool is_planned_as_link(const LinkedName& it) const;
  void follow(const LinkedName& it, const index::LinkGroups::Led& led);
  [[nodiscard]] std::optional<std::uint64_t> apart_from_others(const LinkedName& it) const;
  [[nodiscard]] bool was_apart(const LinkedName& it, const index::LinkGroups::Led& led,
                               FileId leader) const;
  bool stays_apart(const LinkedName& it);
  [[nodiscard]] index::Follower::Known known_by(const LinkedName& it) const;
  [[nodiscard]] bool is_remembered(const Entry& source, index::Follower::Known known) const;

  Pass& pass_;
  Folder& folder_;
  const Trust& trust_;
  BatchLook& look_;
  BatchRows& rows_;
  BatchRemovals& removals_;
  Steps& steps_;
};

}  // namespace syncline::engine
