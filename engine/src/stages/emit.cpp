// SPDX-License-Identifier: MIT
#include "stages/emit.h"

#include "filesystem/own_names.h"
#include "stages/failures.h"

#include <algorithm>
#include <array>

namespace syncline::stages {
namespace {

// One batch at work. The tallies are added to the shared ones once, at its end.
class Emitter {
 public:
  Emitter(Pass& pass, const FolderRef& folder) : pass_(pass), folder_(folder) {}

  void emit(const NamePair& pair) {
    std::optional<Entry> source;
    std::optional<Entry> destination;
    if (pair.in_source && !look(Side::source, pair.name, source)) return;
    if (pair.in_destination && !look(Side::destination, pair.name, destination)) return;
    count(source, destination);
    if (is_ours(source) || is_ours(destination)) {
      notice(pair.name, "is a file of Syncline's own: left alone");
    } else if (pair.in_source && !source) {
      out_.events.emplace_back(failure_of(path_of(*folder_, pair.name), FailureKind::vanished,
                                          "went away while it was walked"));
    } else if (filesystem::is_temporary_name(pair.name)) {
      emit_temporary(pair.name, source, destination);
    } else if (source || destination) {
      act(pair.name, source, destination);
    }
  }

  Emission finish() {
    pass_.totals.source.add(source_tally_);
    pass_.totals.source_folders += source_folders_;
    pass_.totals.destination.add(destination_tally_);
    pass_.totals.deletions_wanted.add(wanted_);
    return std::move(out_);
  }

 private:
  // False: it could not be looked at. What cannot be seen forbids deletions; what is gone is an
  // answer.
  bool look(Side side, const std::string& name, std::optional<Entry>& found) {
    return attempt(
        *folder_, name, [&] { found = handle(side)->look(name); },
        [&](Failure failure) {
          pass_.suppress_deletions("'" + failure.path + "' " + failure.detail);
          out_.events.emplace_back(std::move(failure));
        });
  }

  const Handles::Handle& handle(Side side) {
    Handles::Handle& kept = handles_[static_cast<std::size_t>(side)];
    if (!kept) kept = pass_.handles.get(*folder_, side);
    return kept;
  }

  void count(const std::optional<Entry>& source, const std::optional<Entry>& destination) {
    if (source) {
      ++source_tally_.entries;
      source_tally_.bytes += content_bytes(*source);
      if (source->kind == Kind::folder) ++source_folders_;
    }
    if (destination) {
      ++destination_tally_.entries;
      destination_tally_.bytes += content_bytes(*destination);
    }
  }

  [[nodiscard]] bool is_ours(const std::optional<Entry>& entry) const {
    const auto& own = pass_.options.own_files;
    return entry && std::ranges::find(own, entry->identity.id) != own.end();
  }

  void notice(const std::string& name, const char* text) {
    out_.events.emplace_back(Notice{.path = path_of(*folder_, name), .text = text});
  }

  void emit_temporary(const std::string& name, const std::optional<Entry>& source,
                      const std::optional<Entry>& destination) {
    if (source) notice(name, "bears the name of a temporary of Syncline: not mirrored");
    if (!destination) return;
    if (!pass_.locked)
      notice(name, "may be another run's temporary, and this file system cannot lock: left alone");
    else if (destination->kind == Kind::folder)
      remove(name, *destination);
    else
      out_.litter.push_back(name);
  }

  void act(const std::string& name, const std::optional<Entry>& source,
           const std::optional<Entry>& destination) {
    const Verdict verdict = compare(source, destination, pass_.privileges);
    if (std::holds_alternative<verdict::Same>(verdict)) return;
    if (std::holds_alternative<verdict::Remove>(verdict)) {
      remove(name, *destination);
    } else if (std::holds_alternative<verdict::Displace>(verdict) && !may_displace(name)) {
      return;
    } else if (source->kind == Kind::folder) {
      descend(name, source, destination);
    } else if (source->kind == Kind::file &&
               !std::holds_alternative<verdict::SetMetadata>(verdict)) {
      out_.files.push_back(make_task(name, *source, destination, verdict));
      ++folder_->pending;
    } else {
      out_.changes.push_back({name, *source, destination, verdict});
    }
    if (std::holds_alternative<verdict::Displace>(verdict)) doom(name, *destination);
  }

  bool may_displace(const std::string& name) {
    if (!pass_.keeps_everything()) return true;
    out_.events.emplace_back(failure_of(path_of(*folder_, name), FailureKind::error,
                                        "is a folder in the destination only, which --no-delete "
                                        "keeps: nothing was put in its place"));
    return false;
  }

  void remove(const std::string& name, const Entry& destination) {
    if (pass_.keeps_everything()) return;
    out_.removals.push_back({.name = name, .kind = destination.kind, .seen = destination.identity});
    if (destination.kind == Kind::folder)
      doom(name, destination);
    else
      want_gone(destination);
  }

  void doom(const std::string& name, const Entry& destination) {
    want_gone(destination);
    auto child = std::make_shared<Folder>(folder_, name, Folder::Role::doomed);
    child->destination = destination;
    add(std::move(child));
  }

  void want_gone(const Entry& destination) {
    ++wanted_.entries;
    wanted_.bytes += content_bytes(destination);
  }

  void descend(const std::string& name, const std::optional<Entry>& source,
               const std::optional<Entry>& destination) {
    auto child = std::make_shared<Folder>(folder_, name, Folder::Role::mirrored);
    child->source = source;
    child->supplants = destination && destination->kind != Kind::folder;
    if (!child->supplants) child->destination = destination;
    add(std::move(child));
  }

  void add(FolderRef child) {
    ++folder_->pending;
    out_.folders.push_back(std::move(child));
  }

  FileTask make_task(const std::string& name, const Entry& source,
                     const std::optional<Entry>& destination, const Verdict& verdict) {
    FileTask task{
        .folder = folder_, .name = name, .source = source, .destination = {}, .reason = {}};
    if (std::holds_alternative<verdict::Create>(verdict)) {
      task.reason = "new";
    } else if (std::holds_alternative<verdict::Prove>(verdict)) {
      task.verb = Verb::update;
      task.reason = "other content";
      task.destination = destination;
    } else if (const auto* overwrite = std::get_if<verdict::Overwrite>(&verdict)) {
      task.verb = destination->kind == Kind::file ? Verb::update : Verb::replace;
      task.reason = overwrite->reason;
    } else {
      task.verb = Verb::replace;
      task.reason = "was a folder";
      task.displaces = true;
    }
    return task;
  }

  Pass& pass_;
  const FolderRef& folder_;
  std::array<Handles::Handle, 2> handles_;
  Emission out_;
  Tally source_tally_;
  Tally destination_tally_;
  Tally wanted_;
  std::uint64_t source_folders_ = 0;
};

}  // namespace

Emission emit(Pass& pass, const FolderRef& folder, const std::vector<NamePair>& batch) {
  Emitter emitter{pass, folder};
  for (const NamePair& pair : batch) {
    if (pass.stopping()) break;
    emitter.emit(pair);
  }
  return emitter.finish();
}

}  // namespace syncline::stages
