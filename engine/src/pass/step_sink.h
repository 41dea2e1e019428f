// What is done with what a pass decides. A walk is the same whatever becomes of its steps: one sink
// carries them out (walk/applier.h), one only tells of them (walk/teller.h).
//
// Some steps are answered before the walk goes on, which then sees the destination as it is after
// them. Where they are only told of, it sees what it would be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/open_folder.h"
#include "index/deferred_list.h"
#include "index/rows.h"
#include "model/entry.h"
#include "pass/folder.h"
#include "pass/handles.h"
#include "pass/metadata_result.h"

#include <string>
#include <vector>

namespace syncline::engine {

struct Steps;

/// Thread-safe. What fails throws SystemError, unless it says otherwise.
class StepSink {
 public:
  StepSink() = default;
  StepSink(const StepSink&) = delete;
  StepSink& operator=(const StepSink&) = delete;
  virtual ~StepSink() = default;

  /// Nothing is done, not even for a trial.
  [[nodiscard]] virtual bool only_tells() const = 0;

  /// What the destination's root is seen through from here on.
  virtual Handles::View see(Handles::View root) = 0;
  /// One that would be made like that.
  virtual Handles::View see(const Entry& root_to_be) = 0;

  // Answered.

  /// `folder` is made where its parent has nothing of its name, or something that gives way.
  virtual void make_folder(Folder& folder) = 0;
  /// The file `name` in `from` becomes `to` in `into`; or if it `exchanges`, the two change places.
  /// False: the file system cannot.
  virtual bool move_file(const filesystem::OpenFolder& from, const std::string& name, Folder& into,
                         const std::string& to, bool exchanges) = 0;
  /// That it was moved turns out to be wrong.
  virtual void move_file_back(const filesystem::OpenFolder& from, const std::string& name,
                              const filesystem::OpenFolder& into, const std::string& to) = 0;
  /// Likewise the folder `found`, which becomes `folder`.
  virtual bool move_folder(const filesystem::OpenFolder& from, const std::string& name,
                           const Entry& found, Folder& folder, bool exchanges) = 0;
  /// The entry of `folder` that answers to `name` is called so, rather than `old_name`.
  virtual void respell(Folder& folder, const std::string& name, const std::string& old_name) = 0;
  /// A temporary of ours that nobody needs is removed.
  virtual void clean(Folder& folder, const std::string& name) = 0;

  // Not answered.

  /// Work begins in `folder`, which is `opened`: it is shut to others where it changes hands.
  virtual void enter(Folder& folder, const filesystem::OpenFolder& opened) = 0;
  /// What a batch comes to, but for the folders in it, and for the files that are left in `steps`:
  /// these are to be read. What is done, and what fails, is told of in `steps.events` and `.edits`.
  /// If it `may_wait`, what somebody else has goes to `.changes_not_now`. Does not throw.
  virtual void take(Folder& folder, Steps& steps, bool may_wait) = 0;
  /// `folder` gets the metadata of `want`, which Terms::wanted() returned.
  virtual MetadataResult set_metadata(Folder& folder, const Entry& want, const Exception* known,
                                      std::vector<index::Edit>& edits) = 0;
  /// `removal`, which is `now` in `folder`, is removed. False: it stays, which is nothing to tell.
  virtual bool remove(Folder& folder, const index::Removal& removal, const Entry& now) = 0;
};

}  // namespace syncline::engine
