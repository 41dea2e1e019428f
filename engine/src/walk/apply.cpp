// SPDX-License-Identifier: MIT
#include "walk/apply.h"

#include "content/decide.h"
#include "content/partial.h"
#include "content/remember.h"
#include "filesystem/atomic_file.h"
#include "filesystem/discard.h"
#include "filesystem/file_system_type.h"
#include "filesystem/own_names.h"
#include "judge/compare.h"
#include "model/suspect_names.h"
#include "model/wanted.h"
#include "pass/failures.h"
#include "pass/given.h"
#include "pass/step_sink.h"
#include "replica/as_created.h"
#include "replica/change_metadata.h"
#include "replica/disposal.h"
#include "replica/exceptions.h"
#include "replica/intentions.h"
#include "replica/keep.h"
#include "replica/link_notes.h"
#include "replica/spelling.h"
#include "replica/touch.h"
#include "replica/unchanged.h"
#include "walk/extraneous.h"
#include "walk/list.h"
#include "walk/write_down.h"

#include <cerrno>
#include <optional>

namespace syncline::engine {
namespace {

void end(Pass& pass, Folder& folder, const EntryChange& change, const Identity& destination,
         ExceptionRef exception, std::vector<index::Edit>& edits, bool has_proof = false,
         const std::string& temporary = {}) {
  if (change.apart_from)
    exception =
        note_apart(pass, folder, change.name, exception, destination.id, *change.apart_from, edits);
  if (change.leads)
    end_leader(pass, folder, change.name, *change.leads, destination, has_proof, exception,
               temporary);
}

// exfat-fuse says EIO of a special file, and leaves a plain one. From anywhere else that is a disk
// that fails, and may do better the next time.
bool means_unheld(const filesystem::Directory& directory, Kind kind, int error_number) {
  if (error_number == EPERM || error_number == EOPNOTSUPP || error_number == ENOSYS) return true;
  return error_number == EIO && kind != Kind::symlink &&
         filesystem::is_weak(directory.descriptor()) &&
         filesystem::error_of_making(directory, filesystem::temporary_name()) == 0;
}

// Of a symlink: its target is too long there (XFS takes 1023 bytes), or no text in the encoding
// that is kept there (NTFS). The name was tried before, unless nobody expects it to be refused.
bool means_target(const std::string& name, int error_number) {
  return !is_suspect_name(name) &&
         (error_number == ENAMETOOLONG || error_number == EILSEQ || error_number == EINVAL);
}

// Whether the entry came into being, called `name` for now; false where that cannot be here, which
// is counted.
bool make_bare(Pass& pass, Folder& folder, const filesystem::Directory& directory,
               const std::string& name, const EntryChange& change, bool is_new) {
  const Entry& source = change.source;
  try {
    if (source.kind == Kind::symlink)
      directory.make_symlink(name, source.target);
    else if (is_new)
      directory.make_special(name, source, rights_to_create(source, pass.terms.options.metadata));
    else
      directory.make_special(name, source);
    return true;
  } catch (const filesystem::SystemError& error) {
    const int why = error.error_number();
    const bool is_symlink = source.kind == Kind::symlink;
    if (!means_unheld(directory, source.kind, why) && !(is_symlink && means_target(name, why)))
      throw;
    if (filesystem::is_temporary_name(name)) filesystem::discard_temporary(directory, name);
    pass.books.unkept.add(aspect_of(source.kind), folder, change.name);
    return false;
  }
}

// What is made of it may be something else, which must not have its name.
bool may_become_another(Folder& folder, const EntryChange& change) {
  return !folder.there.stamping.is_strong() && change.source.kind != Kind::symlink;
}

struct Made {
  Identity identity;
  ExceptionRef exception;  ///< what to remember of its metadata
  /// Why some of that could not be set for now: told once the entry has its name.
  std::shared_ptr<const filesystem::ExplainedError> failure;
};

void tell_failure(const Made& made) {
  if (made.failure) throw filesystem::ExplainedError(*made.failure);
}

// Somebody may have put something else there by now, even another name of a file outside. What is
// not ours may be so where the file system has owners of its own: then a file of ours has it, too.
bool may_be_ours(const Pass& pass, const filesystem::Directory& directory, const Entry& source,
                 const Entry& made) {
  if (made.kind != source.kind || made.links > 1 || made.rdev != source.rdev ||
      made.target != source.target)
    return false;
  return made.uid == pass.terms.privileges.user || as_created(directory, 0600).uid == made.uid;
}

/// What was made in `folder` for `change`, called `name` for now, to take the place of `old`;
/// nullopt where such a thing cannot be there.
std::optional<Made> make(Pass& pass, Folder& folder, const filesystem::Directory& directory,
                         const std::string& name, const EntryChange& change,
                         const std::optional<Entry>& old) {
  const Entry& source = change.source;
  const bool is_new = pass.terms.is_new(folder, source, old);
  if (!make_bare(pass, folder, directory, name, change, is_new)) return std::nullopt;
  auto made = directory.look(name);
  if (!made || !may_be_ours(pass, directory, source, *made))
    throw filesystem::SystemError("recognise", name, ESTALE);
  const bool is_weak = !folder.there.stamping.is_strong();
  const bool is_private = pass.terms.options.metadata.mode || !is_new;
  const auto before =
      is_private && !is_weak ? filesystem::RightsBefore::none : filesystem::RightsBefore::seen;
  try {
    if (is_weak) made->attributes = directory.attributes(name);
    Entry want = pass.terms.wanted(folder, source, old, *made);
    MetadataResult result = keep_metadata(
        pass, folder, change.name, want, *made, nullptr,
        is_private ? Since::made_private : Since::made,
        [&](MetadataChange asked) {
          return directory.set_metadata(name, *made, want, asked, before).refusal;
        },
        [&] { return look_whole(directory, name).value_or(want); });
    return Made{.identity = made->identity,
                .exception = std::move(result.exception),
                .failure = std::move(result.failure)};
  } catch (const filesystem::SystemError&) {
    filesystem::discard_name(directory, name, made->identity.id);
    throw;
  }
}

void note_unmade(const Pass& pass, const Folder& folder, const EntryChange& change,
                 std::vector<index::Edit>& edits) {
  note_exception(folder.row.key, change.name, change.exception.get(),
                 unmade(change.source, change.destination, pass.terms.privileges.user), edits);
}

kept::Left expected_of(const Pass& pass, const Folder& folder, const EntryChange& change,
                       const Made& made) {
  kept::Left left = expected(pass, folder, change);
  if (folder.there.stamping.is_strong()) left.inode = made.identity.id.inode;
  if (made.failure || made.exception) left.mtime.reset();
  return left;
}

bool make_beside(Pass& pass, Folder& folder, const filesystem::Directory& directory,
                 const EntryChange& change, std::vector<index::Edit>& edits) {
  const std::string temporary = filesystem::temporary_name();
  const bool displaces = std::holds_alternative<verdict::Displace>(change.verdict);
  std::optional<Made> made;
  try {
    made = make(pass, folder, directory, temporary, change,
                displaces ? std::nullopt : change.destination);
    if (!made) {
      note_unmade(pass, folder, change, edits);
      return false;
    }
    if (displaces)
      pass.replica.deferred.note_replacement({.folder = pass.replica.deferred_key(folder),
                                              .name = change.name,
                                              .temporary = temporary,
                                              .id = made->identity.id,
                                              .kind = change.source.kind,
                                              .bytes = 0});
    else {
      if (auto* const intentions = pass.replica.intentions) {
        if (made->failure) intentions->take(folder, change.name);
        intentions->arrive(folder, change.name, expected_of(pass, folder, change, *made));
      }
      take_name(pass, directory, change.name, has_other_names(change.destination), [&] {
        pass.replica.disposal->make_way(pass, folder, change.name);
        directory.rename(temporary, change.name);
      });
    }
  } catch (const std::exception&) {
    if (made) filesystem::discard_name(directory, temporary, made->identity.id);
    throw;
  }
  note_exception(folder.row.key, change.name, change.exception.get(), made->exception, edits);
  end(pass, folder, change, made->identity, made->exception, edits, false,
      displaces ? temporary : std::string{});
  tell_failure(*made);
  return true;
}

// What is known of a file's content holds for its new stamps if nothing else moved it, and if it
// held before: to take a file for the same is no proof. Returns whether there is something to tell.
bool set_metadata(Pass& pass, Folder& folder, const EntryChange& change,
                  std::vector<index::Edit>& edits) {
  const auto [result, now, is_as_left] = change_metadata(
      pass, folder, change.name, change.source, *change.destination, change.exception.get(), edits);
  const bool holds =
      is_same(change.standing) && (change.standing == Standing::proved || !change.has_proof);
  end(pass, folder, change, change.destination->identity, result.exception, edits);
  if (pass.memory.is_usable() && holds && is_as_left) {
    end(pass, folder, change, *now, result.exception, edits, change.standing == Standing::proved);
    remember_moved(pass, folder, change.name, *now, edits);
  }
  if (result.failure) throw filesystem::ExplainedError(*result.failure);
  return result.has_set;
}

// Whether there is something to tell.
bool carry_out(Pass& pass, Folder& folder, const EntryChange& change,
               std::vector<index::Edit>& edits) {
  if (std::holds_alternative<verdict::SetMetadata>(change.verdict))
    return set_metadata(pass, folder, change, edits);
  const auto directory = pass.handles.get(folder);
  touch(pass, folder);
  if (std::holds_alternative<verdict::Create>(change.verdict) &&
      !may_become_another(folder, change)) {
    if (auto* const intentions = pass.replica.intentions) {
      intentions->arrive(folder, change.name, expected(pass, folder, change));
      intentions->take(folder, change.name);
    }
    const auto made = make(pass, folder, *directory, change.name, change, std::nullopt);
    if (!made) {
      note_unmade(pass, folder, change, edits);
      return false;
    }
    if (made->failure && pass.replica.intentions != nullptr)
      pass.replica.intentions->has_come(folder, change.name,
                                        expected_of(pass, folder, change, *made));
    note_exception(folder.row.key, change.name, change.exception.get(), made->exception, edits);
    end(pass, folder, change, made->identity, made->exception, edits);
    tell_failure(*made);
    return true;
  }
  return make_beside(pass, folder, *directory, change, edits);
}

}  // namespace

Action action_on(const Pass& pass, Folder& folder, const EntryChange& change) {
  Action action{.verb = Verb::create,
                .kind = change.source.kind,
                .path = path_of(folder, change.name),
                .reason = {},
                .bytes = 0,
                .digest = {},
                .properties = properties_of(change.source),
                .target = change.source.target,
                .given = given(folder, change.source, change.destination, change.was_moved)};
  if (change.destination && change.destination->kind == change.source.kind)
    action.difference =
        difference_between(change.source, *change.destination, pass.terms.means(folder));
  else if (change.destination)
    action.replaced = change.destination->kind;
  if (const auto* overwrite = std::get_if<verdict::Overwrite>(&change.verdict)) {
    action.verb = change.destination->kind == change.source.kind ? Verb::update : Verb::replace;
    action.reason = overwrite->reason;
  } else if (const auto* metadata = std::get_if<verdict::SetMetadata>(&change.verdict)) {
    action.verb = Verb::set_metadata;
    action.reason = reason_of(metadata->change, change.source, *change.destination);
  } else if (std::holds_alternative<verdict::Displace>(change.verdict)) {
    action.verb = Verb::replace;
    action.reason = {ReasonCode::other_kind, Kind::folder};
  }
  return action;
}

void apply(Pass& pass, Folder& folder, Steps& steps, bool may_wait) {
  const auto on_failure = [&](Failure failure) { steps.events.emplace_back(std::move(failure)); };
  for (const EntryChange& change : steps.changes) {
    if (pass.brakes.stopping()) return;
    // Before it is done, for what the file system turns out unable to keep is left out later.
    Action action = action_on(pass, folder, change);
    bool is_news = false;
    attempt(
        folder, change.name, [&] { is_news = carry_out(pass, folder, change, steps.edits); },
        [&](Failure failure) {
          const bool is_held = may_pass(failure.error_number);
          const bool is_mounted = change.destination && change.destination->mount_root;
          if (is_held && may_wait && !is_mounted) {
            steps.changes_not_now.push_back(change);
            return;
          }
          if (is_held) explain_held(failure);
          explain_taken_name(pass, folder, change.name, failure, steps.edits);
          on_failure(std::move(failure));
        });
    if (is_news && !std::holds_alternative<verdict::Displace>(change.verdict))
      steps.events.emplace_back(std::move(action));
  }
  for (const std::string& name : steps.litter) {
    if (attempt(
            folder, name, [&] { pass.replica.sink->clean(folder, name); }, on_failure))
      steps.events.emplace_back(clean_action(folder, name));
  }
  for (const Follower& follower : steps.followers)
    attempt(
        folder, follower.name, [&] { note_follower(pass, folder, follower); }, on_failure);
  note_extraneous(pass, folder, steps);
}

}  // namespace syncline::engine
