// SPDX-License-Identifier: MIT
#include "walk/reconcile.h"

#include "content/decide.h"
#include "content/probe.h"
#include "content/readable.h"
#include "content/remember.h"
#include "filesystem/clock.h"
#include "filesystem/own_names.h"
#include "filter/transfer_rules.h"
#include "model/handover.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "pass/select.h"
#include "pass/unseen.h"
#include "replica/backup.h"
#include "replica/exceptions.h"
#include "replica/holding.h"
#include "replica/keep.h"
#include "replica/link_notes.h"
#include "replica/refused_names.h"
#include "replica/unchanged.h"
#include "walk/extraneous.h"
#include "walk/list.h"
#include "walk/moves.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace syncline::engine {
namespace {

// Of a batch: to make room for them bit by bit moves each 1.3 times more.
constexpr std::size_t likely_files = 128;

// One batch at work. The tallies are added to the shared ones once, at its end.
class Emitter {
 public:
  Emitter(Pass& pass, const FolderRef& folder, const Batch& batch)
      : pass_(pass),
        folder_(folder),
        chosen_(batch.chosen),
        may_hold_(!batch.was_held),
        patience_(batch.patience),
        trust_(pass.terms.trust_in(*folder)) {
    if (folder->usable && folder->has_row)
      rows_ = pass.memory.rows(
          batch.stretch, chosen_.empty() ? take_part_in(pass, *folder) : index::Rows::TakesPart{});
  }

  /// One side after the other: in turns it takes 3 % longer, for each folder's entries lie side by
  /// side in the kernel's memory.
  void look(const std::vector<NamePair>& names) {
    if (pass_.replica.moves != nullptr) out_.looked_at = pass_.replica.moves->count();
    seen_.resize(names.size());
    for (const Side side : {Side::source, Side::destination}) {
      for (std::size_t i = 0; i < names.size() && !pass_.brakes.stopping(); ++i) {
        const bool is_there = side == Side::source ? names[i].in_source : names[i].in_destination;
        std::optional<Entry>& found = side == Side::source ? seen_[i].source : seen_[i].destination;
        if (is_there && !look(side, names[i].name, found)) seen_[i].failed = true;
      }
    }
  }

  /// What has to happen to the `i`-th of the names that were looked at.
  void emit(const NamePair& pair, std::size_t i) {
    auto& [source, destination, failed] = seen_[i];
    if (!chosen_.empty()) chosen_now_ = &chosen_[i];
    if (destination && has_moved_on() && !look(Side::destination, pair.name, destination))
      failed = true;
    if (pass_.terms.deletes_only && !failed && !concerns_deletions(source, destination)) {
      keep_rows(pair.name);
      count(source, destination);
      if (is_displaced(source, destination) && may_displace(pair.name, *destination))
        add_extraneous(pair.name, *destination, true);
      return;
    }
    if (failed || (pair.in_source && !source)) keep_rows(pair.name);
    if (source && destination) pass_.terms.adapt_to(*source, *destination);
    if (!failed) sort(pair, source, destination);
  }

  /// All names of the stretch were emitted.
  void forget_gone() {
    on_rows([&] {
      index::Rows::Gone gone = rows_->finish();
      std::ranges::move(gone.edits, std::back_inserter(out_.edits));
      for (auto& [name, edit] : gone.mount_points) forget_mount_point(name, edit);
    });
  }

  Emission finish() {
    if (auto text = pass_.replica.room.want(to_copy_, pass_.census.extraneous.value().bytes))
      out_.events.emplace_back(Notice{.path = {}, .text = std::move(*text)});
    pass_.census.source.add(source_tally_);
    for (std::size_t i = 0; i < kinds && !pass_.terms.deletes_only; ++i)
      if (source_kinds_.at(i) > 0) pass_.books.source_kinds.at(i) += source_kinds_.at(i);
    pass_.census.destination.add(destination_tally_);
    pass_.books.moved_files.add(moved_);
    pass_.books.left_alone.add(left_alone_);
    for (std::size_t i = 0; i < files_.size(); ++i) pass_.books.files.at(i).add(files_.at(i));
    pass_.books.ctime_moved += ctime_moved_;
    auto& oldest = pass_.books.oldest_proof_s;
    for (auto known = oldest.load(); oldest_proof_s_ < known;)
      if (oldest.compare_exchange_weak(known, oldest_proof_s_)) break;
    return std::move(out_);
  }

 private:
  // By a rename of this pass, what was looked at may be somewhere else.
  [[nodiscard]] bool has_moved_on() const {
    return pass_.replica.moves != nullptr && pass_.replica.moves->count() != out_.looked_at;
  }

  void sort(const NamePair& pair, std::optional<Entry>& source, std::optional<Entry>& destination) {
    if (is_of_state(source)) return;
    count(source, destination);
    if (is_ours(source) || is_ours(destination)) {
      notice(pair.name, "is a file of Syncline's own: left alone");
    } else if (pair.in_source && !source) {
      out_.events.emplace_back(failure_of(path_of(*folder_, pair.name), FailureKind::vanished,
                                          "went away while it was walked"));
    } else if (filesystem::is_temporary_name(pair.name)) {
      emit_temporary(pair.name, source, destination);
    } else if (destination && pass_.replica.backups != nullptr &&
               pass_.replica.backups->is_root(*destination)) {
      if (source) notice(pair.name, "holds the backups: what the source has there is not mirrored");
    } else if (source && pass_.terms.withholds_device(*folder_, *source)) {
      keep_rows(pair.name);
      if (may_hold_) pass_.books.unkept.add(Aspect::special_file, *folder_, pair.name);
    } else if (source || destination) {
      act(pair.name, source, destination);
    }
  }

  // False: it could not be looked at. What cannot be seen forbids deletions; what is gone is an
  // answer.
  bool look(Side side, const std::string& name, std::optional<Entry>& found) {
    return attempt(
        *folder_, name,
        [&] {
          found = handle(side)->look(name);
          if (!found || side != Side::source) return;
          const bool is_unread = found->kind == Kind::symlink && found->target.empty();
          if (is_unread) found->target = handle(side)->read_link(name);
          if (may_hold_ && !pass_.terms.deletes_only &&
              pass_.terms.withholds_set_id(*folder_, *found))
            pass_.books.unkept.add(Aspect::mode, *folder_, name);
          pass_.terms.adapt(*folder_, *found);
        },
        [&](Failure failure) {
          if (side == Side::source)
            note_unseen_entry(pass_, *folder_, name, failure);
          else
            note_unseen(pass_, *folder_, failure);
          out_.events.emplace_back(std::move(failure));
        });
  }

  const Handles::Handle& handle(Side side) {
    Handles::Handle& kept = handles_[static_cast<std::size_t>(side)];
    if (!kept) kept = pass_.handles.get(*folder_, side);
    return kept;
  }

  void count(const std::optional<Entry>& source, const std::optional<Entry>& destination) {
    if (!may_hold_) return;  // it was counted when it was met
    if (source) {
      ++source_tally_.entries;
      source_tally_.bytes += content_bytes(*source);
      ++source_kinds_.at(static_cast<std::size_t>(source->kind));
    }
    if (destination) {
      ++destination_tally_.entries;
      destination_tally_.bytes += content_bytes(*destination);
    }
  }

  // Told of once, before the walk.
  [[nodiscard]] bool is_of_state(const std::optional<Entry>& source) const {
    const auto& files = pass_.terms.state_files;
    return source && std::ranges::find(files, source->identity.id) != files.end();
  }

  [[nodiscard]] bool is_ours(const std::optional<Entry>& entry) const {
    const auto& own = pass_.terms.options.own_files;
    return entry && std::ranges::find(own, entry->identity.id) != own.end();
  }

  void notice(const std::string& name, const char* text) {
    out_.events.emplace_back(Notice{.path = path_of(*folder_, name), .text = text});
  }

  void emit_temporary(const std::string& name, const std::optional<Entry>& source,
                      const std::optional<Entry>& destination) {
    if (source) notice(name, "bears the name of a temporary of Syncline: not mirrored");
    if (!destination) return;
    if (!pass_.terms.locked)
      notice(name, "may be another run's temporary, and this file system cannot lock: left alone");
    else if (destination->kind == Kind::folder ||
             (folder_->role == Folder::Role::extraneous && filesystem::is_partial_name(name)))
      remove(name, *destination);  // much work may be in it: with its folder, if that may go
    else
      out_.litter.push_back(name);
  }

  // Folders are looked at when they are listed, files when they are read. Those that need not be
  // read are proved, and their attributes with them, for to change these moves ctime.
  static bool needs_attributes(const Entry& source, Standing standing, const Remembered* known) {
    if (source.kind == Kind::folder) return false;
    if (source.kind != Kind::file) return true;
    return is_same(standing) && !(standing == Standing::proved && known->attributes_kept);
  }

  // What replaces a file's content brings its attributes along, whatever the old ones were.
  [[nodiscard]] bool is_to_be_told(const Entry& source,
                                   const std::optional<Entry>& destination) const {
    return pass_.terms.options.all_differences && destination && source.kind == Kind::file &&
           destination->kind == Kind::file;
  }

  bool look_at_source_attributes(const std::string& name, Entry& entry) {
    return attempt(
        *folder_, name,
        [&] {
          entry.attributes = handle(Side::source)->attributes(name);
          if (pass_.terms.adapt_attributes(*folder_, entry))
            pass_.books.unkept.add(Aspect::capabilities, *folder_, name);
        },
        [&](Failure failure) { out_.events.emplace_back(std::move(failure)); });
  }

  // `unreadable`: why they cannot be read (errno), where that is so. Those of what gives way do not
  // matter.
  bool look_at_destination_attributes(const std::string& name, Kind wanted,
                                      std::optional<Entry>& entry, int& unreadable) {
    if (!entry || entry->kind != wanted) return true;
    return attempt(
               *folder_, name,
               [&] { look_at_attributes(pass_, *handle(Side::destination), name, *entry); },
               [&](Failure failure) {
                 if (means_unreadable(failure.error_number))
                   unreadable = failure.error_number;
                 else
                   out_.events.emplace_back(std::move(failure));
               }) ||
           unreadable != 0;
  }

  void act(const std::string& name, std::optional<Entry>& source,
           std::optional<Entry>& destination) {
    const Chosen* const chosen = chosen_now_;
    if (source && chosen == nullptr &&
        filter::leaves_alone(pass_.terms.options.transfer, *source, destination, now_ns_)) {
      keep_rows(name);
      ++left_alone_.entries;
      left_alone_.bytes += content_bytes(*source);
      return;
    }
    if (chosen != nullptr && !is_still(*chosen, name, source)) return;
    ExceptionRef exception = excepted(name);
    if (source && !destination && is_refused(name, exception.get())) return;
    if (exception && !exception->refused_by.empty()) {  // it is not any more
      note_exception(folder_->row.key, name, exception.get(), nullptr, out_.edits);
      exception.reset();
    }
    const bool is_file = source && source->kind == Kind::file;
    const bool is_of_group = chosen == nullptr && has_more_names(source);
    Found found{.known = is_file ? remembered(name) : nullptr};
    if (is_of_group && follows(name, *source, destination, found.known, exception.get())) return;
    if (is_file && !is_of_group && chosen == nullptr && is_strange(*source, found.known)) {
      found = find(name, *source, destination, found.known);
      if (found.is_held || (pass_.terms.options.dry_run && found.was_brought)) return;
    }
    const Remembered* const known = found.known;
    const std::uint32_t names_there = destination ? destination->links : 0;
    // To change it changes nobody else's file.
    if (chosen != nullptr && destination && chosen->owned == destination->identity.id)
      destination->links = 1;
    const Standing standing = standing_in(known, source, destination);
    int unreadable = 0;
    if (source &&
        (needs_attributes(*source, standing, known) || is_to_be_told(*source, destination))) {
      if (!look_at_source_attributes(name, *source)) return;
      if (!look_at_destination_attributes(name, source->kind, destination, unreadable)) return;
      if (!needs_attributes(*source, standing, known)) unreadable = 0;
    }
    const auto judge = [&] {
      return compare(source, destination, means_for(exception.get(), source, destination),
                     standing);
    };
    Verdict verdict = judge();
    if (is_handover(verdict, source, destination, exception.get())) {
      learn_what_is_held(pass_, *folder_, *source);
      verdict = judge();
    }
    const Means means = means_for(exception.get(), source, destination);
    if (unreadable != 0)
      verdict = verdict::Overwrite{describe_unreadable("extended attributes", unreadable)};
    std::optional<index::LinkGroup> leads;
    if (chosen != nullptr && chosen->leads) leads = chosen->group;
    if (is_of_group) {
      leads = index::LinkGroup{.source = source->identity.id};
      const bool may_lead = std::holds_alternative<verdict::Same>(verdict) ||
                            (pass_.replica.is_first_copy && !destination);
      if (!may_lead ||
          !pass_.replica.links.lead(*leads, whole_path_of(*folder_, name), destination,
                                    apart_from_others(known, exception.get(), destination))) {
        // By now another name may lead.
        const auto led = may_lead ? pass_.replica.links.find(*leads) : std::nullopt;
        follow(name, *source, destination, known, exception.get(),
               led.value_or(index::LinkGroups::Led{}));
        return;
      }
    } else if (!may_keep(verdict, source, destination, means)) {
      verdict = verdict::Overwrite{"is linked to another file"};
    } else if (is_file && chosen == nullptr && destination && destination->links > 1) {
      leads = index::LinkGroup{.source = source->identity.id};
      pass_.replica.links.lead_instead(*leads, whole_path_of(*folder_, name),
                                       destination->identity.id);
    }
    note(standing, name, known, source, destination);
    const auto apart_from = chosen != nullptr ? chosen->apart_from : std::nullopt;
    if (apart_from && known != nullptr && !known->stands_apart)
      out_.edits.emplace_back(index::edit::MarkApart{.folder = folder_->row.key, .name = name});
    if (folder_->came_along && is_file && destination) count_moved(*source);
    if (std::holds_alternative<verdict::Same>(verdict)) {
      count_unkept(pass_, *folder_, name, *source, *destination, means);
      tell_unchanged(pass_, *folder_, name, *source, out_.events);
      if (apart_from && !is_file)
        exception = note_apart(pass_, *folder_, name, exception, destination->identity.id,
                               *apart_from, out_.edits);
      if (leads)
        end_leader(pass_, *folder_, name, *leads, destination->identity,
                   standing == Standing::proved, exception);
      return;
    }
    if (is_known_not_to_be(exception, source, destination, verdict)) {
      pass_.books.unkept.add(aspect_of(source->kind), *folder_, name);
      return;
    }
    if (std::holds_alternative<verdict::Remove>(verdict)) {
      remove(name, *destination);
    } else if (std::holds_alternative<verdict::Displace>(verdict) && chosen == nullptr &&
               !may_displace(name, *destination)) {
      return;
    } else if (source->kind == Kind::folder) {
      descend(name, source, destination);
    } else if (is_file && !std::holds_alternative<verdict::SetMetadata>(verdict)) {
      if (out_.files.empty()) out_.files.reserve(std::min(seen_.size(), likely_files));
      FileTask& task =
          out_.files.emplace_back(make_task(name, *source, destination, verdict, means));
      task.exception = exception;
      choose_reads(task, found, standing, means);
      task.twin = std::move(found.twin);
      to_copy_ += growth(*source, destination);
      task.in_place = names_there == 1 && may_change_in_place(task, *destination);
      if (destination && destination->links == 1) task.own_names = names_there;
      task.leads = leads;
      task.takes_name = destination && destination->links > 1;
      task.stands_apart = apart_from.has_value();
      ++folder_->pending;
    } else {
      out_.changes.push_back({name, *source, destination, verdict, standing,
                              known != nullptr && known->fingerprint, leads, exception,
                              is_file ? std::nullopt : apart_from});
    }
    if (std::holds_alternative<verdict::Displace>(verdict) && chosen == nullptr)
      add_extraneous(name, *destination, true);
  }

  // Of what would be changed, or made anew for that alone.
  [[nodiscard]] bool is_handover(const Verdict& verdict, const std::optional<Entry>& source,
                                 const std::optional<Entry>& destination,
                                 const Exception* exception) const {
    if (const auto* const overwrite = std::get_if<verdict::Overwrite>(&verdict))
      return overwrite->changes_hands;
    if (!std::holds_alternative<verdict::Prove>(verdict)) return false;
    const Means means = means_for(exception, source, destination);
    return changes_hands(*destination, *source, difference(*source, *destination, means));
  }

  [[nodiscard]] Means means_for(const Exception* exception, const std::optional<Entry>& source,
                                const std::optional<Entry>& destination) const {
    const bool is_excepted = exception != nullptr && source && destination;
    return is_excepted ? excusing(pass_.terms.means(*folder_), exception, *source, *destination)
                       : pass_.terms.means(*folder_);
  }

  // True: the destination does not allow that name, which is told.
  bool is_refused(const std::string& name, const Exception* known) {
    auto refusal = refusal_of(pass_, *folder_, name, known, out_.edits);
    if (refusal) out_.events.emplace_back(std::move(*refusal));
    return refusal.has_value();
  }

  // A symlink or special file that could not be made the last time.
  [[nodiscard]] bool is_known_not_to_be(const ExceptionRef& exception,
                                        const std::optional<Entry>& source,
                                        const std::optional<Entry>& destination,
                                        const Verdict& verdict) const {
    return exception && source && source->kind != Kind::file && source->kind != Kind::folder &&
           !std::holds_alternative<verdict::SetMetadata>(verdict) &&
           is_unmade(exception.get(), *source, destination, pass_.terms.privileges.user);
  }

  // The index does not know it by its name: what the destination has by that may belong elsewhere,
  // and it may have it by another.
  [[nodiscard]] bool is_strange(const Entry& source, const Remembered* known) const {
    return pass_.replica.moves != nullptr &&
           (known == nullptr || known->source.id.inode != source.identity.id.inode);
  }

  /// What there is of a file.
  struct Found {
    const Remembered* known = nullptr;
    bool is_held = false;             ///< it waits for the end of the walk
    bool was_brought = false;         ///< the destination had it elsewhere
    bool begins_alike = false;        ///< by that it was found
    std::vector<std::string> twin{};  ///< FileTask::twin
  };

  // Finds what the destination has of a strange file.
  Found find(const std::string& name, const Entry& source, std::optional<Entry>& destination,
             const Remembered* known) {
    if (has_moved_on() && !look(Side::destination, name, destination)) destination.reset();
    // In each further round another file has come there meanwhile.
    constexpr int most_rounds = 100;
    for (int round = 0; round < most_rounds; ++round) {
      if (destination && destination->kind == Kind::folder) return {known};
      if (bring(name, source, destination)) return {.known = &brought_, .was_brought = true};
      if (!destination) return find_alike(name, source, destination, known);
      if (may_hold_ && pass_.replica.moves->may_hold()) return hold(name);
      const FileId claimed = destination->identity.id;
      pass_.replica.moves->claim(claimed);
      if (!has_moved_on()) return {known};
      const auto pause = pass_.replica.moves->pause();
      if (!look(Side::destination, name, destination)) destination.reset();
      if (destination && is_same_inode(claimed, destination->identity.id,
                                       folder_->side(Side::destination).stamping.rule))
        return {known};
    }
    return {known};
  }

  Found hold(const std::string& name) {
    out_.held.push_back(name);
    return {.is_held = true};
  }

  // By its content, at the end of the walk: what can be known by its inode comes first. Whoever
  // does without reading would take it for the same, though only its first chunk is.
  Found find_alike(const std::string& name, const Entry& source, std::optional<Entry>& destination,
                   const Remembered* known) {
    if (pass_.terms.options.dry_run || travels_in_group(source.identity.size) || trust_.mtime ||
        trust_.size || !pass_.replica.moves->may_have(*folder_, name, source))
      return {known};
    if (may_hold_ && pass_.replica.moves->may_hold()) return hold(name);
    std::optional<Fingerprint> first;
    bool is_not_now = false;
    attempt(
        *folder_, name,
        [&] { first = first_chunk_of(pass_, *folder_, name, source.identity.size); },
        [&](const Failure& failure) {  // to be met again when it is copied
          is_not_now = may_pass(failure.error_number) && !patience_.is_over();
        });
    if (is_not_now) {
      out_.not_now.push_back(name);
      return {.is_held = true};
    }
    if (!first) return {known};
    auto alike = pass_.replica.moves->bring_alike(*folder_, name, source, *first, !may_hold_);
    if (!alike.brought) return {.known = known, .twin = std::move(alike.twin)};
    take_over(std::move(*alike.brought), source, destination);
    return {.known = &brought_, .was_brought = true, .begins_alike = true};
  }

  bool bring(const std::string& name, const Entry& source, std::optional<Entry>& destination) {
    auto brought = pass_.replica.moves->bring(*folder_, name, source, destination);
    if (brought) take_over(std::move(*brought), source, destination);
    return brought.has_value();
  }

  void take_over(BroughtFile brought, const Entry& source, std::optional<Entry>& destination) {
    brought_ = brought.known;
    if (pass_.terms.options.dry_run)
      pass_.books.to_compare.add({.entries = 1, .bytes = source.identity.size});
    destination = std::move(brought.destination);
    if (brought.action) out_.events.emplace_back(std::move(*brought.action));
    if (!folder_->came_along || pass_.terms.options.dry_run) count_moved(source);
  }

  void count_moved(const Entry& source) {
    ++moved_.entries;
    moved_.bytes += source.identity.size;
  }

  // The least that a copy adds to what is on the disk.
  static std::uint64_t growth(const Entry& source, const std::optional<Entry>& destination) {
    const std::uint64_t size = std::min(source.identity.size, source.allocated);
    const std::uint64_t old = destination ? destination->allocated : 0;
    return size > old ? size - old : 0;
  }

  [[nodiscard]] bool may_change_in_place(const FileTask& task, const Entry& destination) const {
    return pass_.terms.options.in_place && pass_.replica.backups == nullptr &&
           destination.kind == Kind::file && !task.is_afresh &&
           !travels_in_group(task.source.identity.size);
  }

  // What only the destination has, and the folders where there may be more of that.
  static bool concerns_deletions(const std::optional<Entry>& source,
                                 const std::optional<Entry>& destination) {
    if (!destination) return false;
    return !source || (source->kind == Kind::folder && destination->kind == Kind::folder);
  }

  // Its content goes before anything is copied, and it itself when something takes its place.
  static bool is_displaced(const std::optional<Entry>& source,
                           const std::optional<Entry>& destination) {
    return source && source->kind != Kind::folder && destination &&
           destination->kind == Kind::folder;
  }

  static bool has_more_names(const std::optional<Entry>& source) {
    return source && source->kind != Kind::folder && source->links > 1;
  }

  // False: it is told of.
  bool is_still(const Chosen& chosen, const std::string& name, const std::optional<Entry>& source) {
    if (is_still_of(chosen.group, *handle(Side::source), source)) return true;
    out_.events.emplace_back(parted(path_of(*folder_, name), source));
    return false;
  }

  // What stays as it is and has more names stands for one file of the source. What will be replaced
  // stands for none.
  bool may_keep(const Verdict& verdict, const std::optional<Entry>& source,
                const std::optional<Entry>& destination, const Means& means) {
    if (!source || source->kind == Kind::folder || !destination || destination->links < 2)
      return true;
    const bool stays = std::holds_alternative<verdict::Same>(verdict) ||
                       (std::holds_alternative<verdict::Prove>(verdict) &&
                        !difference(*source, *destination, means).any());
    return !stays || pass_.replica.links.claim(destination->identity.id, source->identity.id);
  }

  // False: no other name leads yet.
  bool follows(const std::string& name, const Entry& source,
               const std::optional<Entry>& destination, const Remembered* known,
               const Exception* exception) {
    const auto led = pass_.replica.links.find({.source = source.identity.id});
    if (led) follow(name, source, destination, known, exception, *led);
    return led.has_value();
  }

  void follow(const std::string& name, const Entry& source, const std::optional<Entry>& destination,
              const Remembered* row, const Exception* exception,
              const index::LinkGroups::Led& led) {
    on_rows([&] { rows_->folder(name); });
    auto known = known_by(row, source, destination);
    const auto leader = led.ended ? std::optional{led.ended->destination.id} : led.walked;
    const bool is_linked = destination && leader == destination->identity.id;
    if (is_linked && (pass_.terms.options.dry_run || (led.ended && is_remembered(source, known)))) {
      tell_unchanged(pass_, *folder_, name, source, out_.events, led.first);
      return;
    }
    const bool is_apart = leader && destination && !is_linked &&
                          was_apart(source.kind, *destination, row, exception, led, *leader);
    if (is_apart && (source.kind != Kind::file || known == index::Follower::Known::proved) &&
        stays_apart(name, source, destination, row, exception))
      return;
    const bool was_once_apart = is_apart || (row != nullptr && row->stands_apart);
    if (was_once_apart && known == index::Follower::Known::moved && destination &&
        row->destination.id.inode == destination->identity.id.inode &&
        is_unmoved(row->destination, destination->identity, IdentityRule::size_and_mtime))
      known = index::Follower::Known::apart;
    const bool displaces = destination && destination->kind == Kind::folder;
    if (displaces && !may_displace(name, *destination)) return;
    ++pass_.books.links;
    out_.followers.push_back(
        {.name = name, .source = source.identity.id, .kind = source.kind, .known = known});
    if (displaces) add_extraneous(name, *destination, true);
  }

  // What the index says of that.
  [[nodiscard]] std::optional<std::uint64_t> apart_from_others(
      const Remembered* row, const Exception* exception,
      const std::optional<Entry>& destination) const {
    if (row != nullptr && row->stands_apart) return index::any_inode;
    if (exception == nullptr || !destination) return std::nullopt;
    return engine::apart_from(pass_, *folder_, exception, *destination);
  }

  // By what is remembered of it or of the leader. Of files nobody remembers from which others.
  [[nodiscard]] bool was_apart(Kind kind, const Entry& destination, const Remembered* row,
                               const Exception* exception, const index::LinkGroups::Led& led,
                               FileId leader) const {
    const auto own = apart_from_others(row, exception, destination);
    if (!own && !led.apart_from) return false;
    return kind == Kind::file || own.value_or(lasting_number(*folder_, destination.identity.id)) ==
                                     led.apart_from.value_or(lasting_number(*folder_, leader));
  }

  // True: it is as it was left, which is counted. To try again could change things: a link that
  // Btrfs refuses moves the ctime of both.
  bool stays_apart(const std::string& name, Entry source, std::optional<Entry> destination,
                   const Remembered* row, const Exception* exception) {
    int unreadable = 0;
    if (needs_attributes(source, Standing::proved, row) &&
        (!look_at_source_attributes(name, source) ||
         !look_at_destination_attributes(name, source.kind, destination, unreadable) ||
         unreadable != 0))
      return false;
    const Means means = means_for(exception, source, destination);
    const Verdict verdict = compare(source, destination, means, Standing::proved);
    if (!std::holds_alternative<verdict::Same>(verdict) ||
        !may_keep(verdict, source, destination, means))
      return false;
    pass_.books.unkept.add(Aspect::hard_link, *folder_, name);
    count_unkept(pass_, *folder_, name, source, *destination, means);
    return true;
  }

  [[nodiscard]] index::Follower::Known known_by(const Remembered* row, const Entry& source,
                                                const std::optional<Entry>& destination) const {
    using Known = index::Follower::Known;
    if (row == nullptr || !row->fingerprint || row->source.id.inode != source.identity.id.inode)
      return Known::nothing;
    const bool is_proved = standing_in(row, source, destination) == Standing::proved;
    return is_proved ? Known::proved : Known::moved;
  }

  [[nodiscard]] bool is_remembered(const Entry& source, index::Follower::Known known) const {
    return source.kind != Kind::file || known == index::Follower::Known::proved ||
           !pass_.memory.is_usable() || folder_->row.key == index::no_row;
  }

  // Of files of the same size.
  [[nodiscard]] Standing standing_in(const Remembered* known, const std::optional<Entry>& source,
                                     const std::optional<Entry>& destination) const {
    return is_pair(source, destination) ? standing_of(known, *source, *destination, trust_)
                                        : Standing::unknown;
  }

  static bool is_pair(const std::optional<Entry>& source, const std::optional<Entry>& destination) {
    return source && destination && source->kind == Kind::file && destination->kind == Kind::file &&
           source->identity.size == destination->identity.size;
  }

  void note(Standing standing, const std::string& name, const Remembered* known,
            const std::optional<Entry>& source, const std::optional<Entry>& destination) {
    if (!is_pair(source, destination)) return;
    Tally& tally = files_.at(static_cast<std::size_t>(standing));
    ++tally.entries;
    tally.bytes += source->identity.size;
    if (standing == Standing::proved) oldest_proof_s_ = std::min(oldest_proof_s_, known->proved_s);
    if (standing == Standing::source_moved &&
        is_unmoved(known->source, source->identity, IdentityRule::size_and_mtime))
      ++ctime_moved_;
    // Whoever goes by mtime does so each time: later passes must not inherit it.
    if (standing == Standing::accepted && known == nullptr && !trust_.mtime && !trust_.size)
      remember_unread(pass_, *folder_, name, source->identity, destination->identity, out_.edits);
  }

  // One side is enough where the other one still is what it was. But a large file whose mtime moved
  // most likely has other bytes, which are copied as they are read only if both sides are read.
  // Likewise one that will be replaced whatever it holds.
  static void choose_reads(FileTask& task, const Found& found, Standing standing,
                           const Means& means) {
    task.standing = standing;
    if (found.known == nullptr) return;
    task.known = *found.known;
    if (!task.destination || task.is_afresh) return;
    const bool is_edited =
        !is_unmoved(task.known->source, task.source.identity, IdentityRule::size_and_mtime);
    const bool is_large = !travels_in_group(task.source.identity.size);
    const bool is_copied = is_large && (is_edited || is_handed_over(task, means));
    const bool reads_both = is_copied || found.begins_alike || !can_be_told(*task.known);
    task.reads = reads_both ? Reads::both : reads_for(standing);
  }

  template <typename Work>
  void on_rows(Work work) {
    if (rows_ && !pass_.memory.ask(work)) rows_.reset();
  }

  const Remembered* remembered(const std::string& name) {
    const Remembered* known = nullptr;
    on_rows([&] { known = rows_->file(name); });
    return known;
  }

  ExceptionRef excepted(const std::string& name) {
    ExceptionRef exception;
    on_rows([&] { exception = rows_->exception(name); });
    return exception;
  }

  // What could not be seen is not gone.
  void keep_rows(const std::string& name) {
    on_rows([&] {
      rows_->exception(name);
      rows_->file(name);
      rows_->folder(name);
    });
  }

  void forget_mount_point(const std::string& name, const index::edit::FolderIsGone& edit) {
    if (pass_.terms.options.adopt) {
      out_.edits.emplace_back(edit);
      return;
    }
    Failure failure = failure_of(path_of(*folder_, name), FailureKind::error, not_mounted);
    pass_.brakes.suppress_deletions(failure);
    out_.events.emplace_back(std::move(failure));
  }

  bool may_displace(const std::string& name, const Entry& destination) {
    const Backups* const backups = pass_.replica.backups;
    const char* keeper = nullptr;
    if (pass_.terms.keeps_everything())
      keeper = pass_.terms.listed ? "--files-from" : "--no-delete";
    else if (backups != nullptr && (backups->are_beside() || backups->is_kept(destination)))
      keeper = "--backup";
    if (keeper == nullptr) return !is_mounted(name, destination);
    out_.events.emplace_back(failure_of(path_of(*folder_, name), FailureKind::error,
                                        std::string("is a folder in the destination only, which ") +
                                            keeper + " keeps: nothing was put in its place"));
    return false;
  }

  // What is mounted there is somebody's other file system, which the source need not know of.
  bool is_mounted(const std::string& name, const Entry& destination) {
    if (!destination.mount_root) return false;
    Failure failure = failure_of(path_of(*folder_, name), FailureKind::error, not_deleted_mount);
    // A folder that gives way would be moved, and the mount with it.
    if (folder_->gives_way) pass_.brakes.suppress_deletions(failure);
    out_.events.emplace_back(std::move(failure));
    return true;
  }

  void remove(const std::string& name, const Entry& destination) {
    if (pass_.terms.keeps_everything() || is_mounted(name, destination)) return;
    if (pass_.terms.options.dry_run && pass_.replica.late.is_taken(destination.identity.id)) return;
    const bool is_folder = destination.kind == Kind::folder;
    if (is_protected(pass_, *folder_, name, is_folder)) {  // it became so since it was listed
      folder_->holds_protected = true;
      return;
    }
    if (pass_.replica.backups != nullptr && pass_.replica.backups->is_kept(destination)) {
      folder_->holds_protected = true;
      return;
    }
    if (is_folder) {
      add_extraneous(name, destination, folder_->gives_way);
    } else {
      out_.removals.push_back({.name = name,
                               .kind = destination.kind,
                               .seen = destination.identity,
                               .properties = properties_of(destination)});
    }
  }

  // Whether it can go is known once everything in it was seen.
  void add_extraneous(const std::string& name, const Entry& destination, bool gives_way) {
    if (is_walked_late(pass_, *folder_)) {
      out_.extraneous.push_back({.name = name, .gives_way = gives_way});
      return;
    }
    add(make_extraneous(folder_, name, gives_way, destination));
  }

  void descend(const std::string& name, const std::optional<Entry>& source,
               const std::optional<Entry>& destination) {
    auto child = std::make_shared<Folder>(folder_, name, Folder::Role::mirrored);
    child->source = source;
    if (!folder_->wanted.is_all())
      child->wanted = folder_->wanted.below(name, is_hidden(pass_, *folder_, name, true));
    child->supplants = destination && destination->kind != Kind::folder;
    if (child->supplants) child->replaced = destination->kind;
    if (!child->supplants) child->destination = destination;
    child->came_along = folder_->came_along && child->destination;
    on_rows([&] {
      const index::FolderRow* const row = rows_->folder(name);
      child->has_row = row != nullptr;
      if (row != nullptr) child->row = *row;
    });
    if (!child->has_row) child->row.key = pass_.memory.new_row();
    add(std::move(child));
  }

  void add(FolderRef child) {
    ++folder_->pending;
    out_.folders.push_back(std::move(child));
  }

  FileTask make_task(const std::string& name, const Entry& source,
                     const std::optional<Entry>& destination, const Verdict& verdict,
                     const Means& means) {
    FileTask task{.folder = folder_,
                  .name = name,
                  .source = source,
                  .destination = {},
                  .reason = {},
                  .known = {}};
    if (std::holds_alternative<verdict::Create>(verdict)) {
      task.reason = "new";
    } else if (std::holds_alternative<verdict::Prove>(verdict)) {
      task.verb = Verb::update;
      task.reason = "other content";
      task.destination = destination;
    } else if (const auto* overwrite = std::get_if<verdict::Overwrite>(&verdict)) {
      task.verb = destination->kind == Kind::file ? Verb::update : Verb::replace;
      task.reason = overwrite->reason;
      task.is_afresh = overwrite->changes_hands;
      if (task.is_afresh) task.destination = destination;
    } else {
      task.verb = Verb::replace;
      task.reason = "was a folder";
      task.displaces = true;
    }
    if (destination && destination->kind == source.kind)
      task.difference = difference_between(source, *destination, means);
    else if (destination)
      task.replaced = destination->kind;
    return task;
  }

  struct Seen {
    std::optional<Entry> source;
    std::optional<Entry> destination;
    bool failed = false;
  };

  Pass& pass_;
  const FolderRef& folder_;
  const std::vector<Chosen>& chosen_;
  const Chosen* chosen_now_ = nullptr;
  const bool may_hold_;
  const Patience patience_;
  std::vector<Seen> seen_;
  const Trust trust_;
  std::unique_ptr<index::Rows> rows_;
  std::array<Handles::Handle, 2> handles_;
  Emission out_;
  Tally source_tally_;
  Tally destination_tally_;
  Tally moved_;
  Remembered brought_;
  Tally left_alone_;
  const std::int64_t now_ns_ = now_ns();
  std::uint64_t to_copy_ = 0;
  std::array<std::uint64_t, kinds> source_kinds_{};
  std::array<Tally, standings> files_;
  std::uint64_t ctime_moved_ = 0;
  std::int64_t oldest_proof_s_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace

Batch next_batch(Folder& folder, std::size_t most) {
  Batch batch{.names = folder.names.next(most),
              .stretch = {.folder = folder.row.key, .after = folder.emitted, .upto = {}}};
  if (!batch.names.empty()) folder.emitted = batch.names.back().name;
  if (folder.names.done()) {
    // A deep tree's folders are all under way at a time: in 30,000 levels this is 30 MB.
    folder.names = {};
    folder.emitted = {};
  } else {
    batch.stretch.upto = folder.emitted;
  }
  return batch;
}

Emission emit(Pass& pass, const FolderRef& folder, const Batch& batch) {
  Emitter emitter{pass, folder, batch};
  emitter.look(batch.names);
  for (std::size_t i = 0; i < batch.names.size(); ++i) {
    if (pass.brakes.stopping()) return emitter.finish();
    emitter.emit(batch.names[i], i);
  }
  if (!batch.was_held) emitter.forget_gone();
  return emitter.finish();
}

}  // namespace syncline::engine
