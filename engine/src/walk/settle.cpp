// SPDX-License-Identifier: MIT
#include "walk/settle.h"

#include "judge/compare.h"
#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/select.h"
#include "pass/step_sink.h"
#include "replica/exceptions.h"
#include "replica/keep.h"
#include "replica/shut.h"
#include "replica/unchanged.h"

namespace syncline::engine {
namespace {

Action metadata_action(Folder& folder, MetadataChange change, const Means& means) {
  return {.verb = Verb::set_metadata,
          .kind = Kind::folder,
          .path = path_of(folder),
          .reason = reason_of(change, *folder.source, *folder.destination),
          .bytes = 0,
          .digest = {},
          .difference = difference_between(*folder.source, *folder.destination, means),
          .properties = properties_of(*folder.source),
          .given = given(folder)};
}

bool may_set_metadata(const Pass& pass, const Folder& folder, MetadataChange change) {
  const Verbs may = allowed(
      pass, [&] { return path_of(folder); }, [&] { return given(folder); });
  if (may.has(Verb::set_metadata)) return true;
  change.mtime = false;
  return !change.any() && pass.replica.admission->may_lack_mtime(path_of(folder).whole());
}

// What is deferred still has to come into it.
void close_place(Pass& pass, Folder& folder) {
  const bool was_shut =
      folder.touched && folder.destination &&
      pass.terms.privileges.is_shut_out(*folder.destination, Privileges::all_of_owner);
  if (was_shut && folder.deferred_key != index::no_folder)
    pass.replica.deferred.note_settling(folder.deferred_key, *folder.destination);
  else
    close_again(pass, folder);
}

// What is deleted in it moves its mtime, which the walk after that shall not take for somebody's.
void stay_as_it_is(Pass& pass, Folder& folder) {
  const bool is_mirrored = folder.role == Folder::Role::mirrored;
  if (is_mirrored && folder.deferred_key != index::no_folder)
    pass.replica.deferred.note_settling(folder.deferred_key, *folder.destination);
}

void note_removal(Pass& pass, Folder& folder, std::vector<Event>& events) {
  pass.census.extraneous.add({.entries = 1, .bytes = 0});
  Folder& parent = *folder.parent;
  attempt(
      folder, {},
      [&] {
        pass.replica.deferred.note_removals(pass.replica.deferred_key(parent),
                                            {{.name = folder.name,
                                              .kind = Kind::folder,
                                              .seen = folder.destination->identity,
                                              .properties = properties_of(*folder.destination)}});
      },
      [&](Failure failure) {
        pass.brakes.suppress_deletions(failure, HeldCode::list_lost);
        events.emplace_back(std::move(failure));
      });
}

bool may_remove(const Pass& pass, const Folder& folder, bool is_in_the_way) {
  Admission* const admission = pass.replica.admission;
  if (is_in_the_way)
    return admission == nullptr || admission->expects(path_of(folder).whole(), Verb::replace);
  return allowed(
             pass, [&] { return path_of(folder); }, [&] { return given(folder); })
      .has(Verb::remove);
}

// What cannot be removed, since the rules protect something in it, must not give way either.
void judge_extraneous(Pass& pass, Folder& folder, std::vector<Event>& events) {
  Folder& parent = *folder.parent;
  const bool is_top = parent.role == Folder::Role::mirrored;
  const bool is_in_the_way = is_top && folder.gives_way;
  if (!folder.holds_protected && may_remove(pass, folder, is_in_the_way)) {
    if (is_in_the_way) {
      pass.census.extraneous.add({.entries = 1, .bytes = 0});
      // What it holds goes all the same, though the source has something of its name.
      if (pass.terms.deletes_only || pass.replica.sink->only_tells())
        pass.replica.deferred.note_obstacle(pass.replica.deferred_key(folder));
    } else {
      note_removal(pass, folder, events);
    }
    return;
  }
  if (!is_top) parent.holds_protected = true;
  if (is_in_the_way) {
    pass.replica.deferred.note_obstacle(pass.replica.deferred_key(folder));
    if (pass.replica.sink->only_tells())
      pass.replica.deferred.withdraw_replacement(pass.replica.deferred_key(parent), folder.name);
  }
  if (pass.replica.admission != nullptr) {  // a folder that was to be removed is told as left
    if (is_in_the_way)
      events.emplace_back(
          failure_of(path_of(folder), FailureKind::left, FailureCode::destination_not_as_planned));
    return;
  }
  if (is_in_the_way) {
    events.emplace_back(
        failure_of(path_of(folder), FailureKind::error, FailureCode::holds_excluded));
  } else if (is_top) {
    events.emplace_back(Notice{.path = path_of(folder), .code = NoticeCode::holds_excluded});
  }
}

// A folder in which nothing was done, though its file system may have been learnt about below it.
template <typename OnFailure>
void note_file_system(Pass& pass, Folder& folder, std::vector<index::Edit>& edits,
                      OnFailure on_failure) {
  attempt(
      folder, {},
      [&] {
        note_exception(folder.row.key, {}, folder.exception.get(),
                       with_file_system(pass, folder, folder.exception), edits);
      },
      on_failure);
}

}  // namespace

Action removal_of(const Folder& folder) {
  return {.verb = Verb::remove,
          .kind = Kind::folder,
          .path = path_of(folder),
          .reason = {ReasonCode::not_in_source},
          .bytes = 0,
          .digest = {},
          .properties = properties_of(*folder.destination),
          .given = given(folder)};
}

Action removal_of(const Folder& folder, const index::Removal& removal) {
  return {.verb = Verb::remove,
          .kind = removal.kind,
          .path = path_of(folder, removal.name),
          .reason = {ReasonCode::not_in_source},
          .bytes = content_bytes(removal),
          .digest = {},
          .properties = removal.properties};
}

void settle(Pass& pass, Folder& folder, std::vector<Event>& events,
            std::vector<index::Edit>& edits) {
  const auto on_failure = [&](Failure failure) { events.emplace_back(std::move(failure)); };
  if (folder.role == Folder::Role::extraneous) judge_extraneous(pass, folder, events);
  // One that was opened up or shut before it failed does not stay so.
  const bool is_as_it_was = !folder.usable && !folder.touched;
  if (is_as_it_was || !folder.destination) return;
  if (pass.terms.deletes_only) {
    stay_as_it_is(pass, folder);
    return;
  }
  if (folder.role == Folder::Role::extraneous) {
    attempt(
        folder, {}, [&] { close_again(pass, folder); }, on_failure);
    return;
  }
  if (is_no_more_than_a_place(pass, folder)) {
    attempt(
        folder, {}, [&] { close_place(pass, folder); }, on_failure);
    return;
  }
  const Means means = excusing(pass.terms.means(folder), folder.exception.get(), *folder.source,
                               *folder.destination);
  const auto before = difference(*folder.source, *folder.destination, means);
  // A folder that we created was private until now, which is nothing to tell of.
  const bool is_step = before.any() && !folder.created;
  const bool may_set = !is_step || may_set_metadata(pass, folder, before);
  const bool tell = is_step && may_set;
  if (!before.any() && !folder.created) tell_unchanged(pass, folder, {}, *folder.source, events);
  if (!before.any() && !folder.touched && !folder.created &&
      folder.deferred_key == index::no_folder) {
    count_unkept(pass, folder, {}, *folder.source, *folder.destination, means);
    note_file_system(pass, folder, edits, on_failure);
    return;
  }
  Entry want = *folder.destination;
  if (may_set)
    want =
        pass.terms.wanted(folder, *folder.source,
                          folder.created ? std::nullopt : folder.destination, *folder.destination);
  const auto set = [&] {
    if (folder.deferred_key != index::no_folder) {
      pass.replica.deferred.note_settling(folder.deferred_key, want);
      if (tell) events.emplace_back(metadata_action(folder, before, means));
      return;
    }
    const MetadataResult result =
        pass.replica.sink->set_metadata(folder, want, folder.exception.get(), edits);
    // Part of that was set when it was shut.
    const bool has_set = result.has_set || before.without(result.lacking).any();
    if (tell && has_set) events.emplace_back(metadata_action(folder, before, means));
    if (result.failure) throw filesystem::ExplainedError(*result.failure);
  };
  attempt(folder, {}, set, on_failure);
}

}  // namespace syncline::engine
