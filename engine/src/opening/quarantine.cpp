// SPDX-License-Identifier: MIT
#include "opening/quarantine.h"

#include "filesystem/ancestors.h"
#include "filesystem/explained.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/storage.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"
#include "kept/expire.h"
#include "pass/failures.h"

#include "syncline/mirror.h"
#include "syncline/pass_name.h"

#include <cerrno>
#include <chrono>
#include <utility>

namespace syncline {
namespace {

using filesystem::Directory;
using filesystem::SystemError;
using std::chrono::system_clock;

[[noreturn]] void refuse(RefusalCode code, const std::string& path, std::string cause = {}) {
  throw Unusable(Status::root_unusable, {.code = code, .path = path, .cause = std::move(cause)});
}

[[noreturn]] void refuse(const std::string& path, const SystemError& error) {
  throw Unusable(Status::root_unusable, {.code = RefusalCode::quarantine_unusable,
                                         .path = path,
                                         .operation = error.operation(),
                                         .error_number = error.error_number(),
                                         .cause = filesystem::known_cause_of(error)});
}

Directory open_or_make(const std::string& path, bool make) {
  try {
    return Directory::open_root(path);
  } catch (const SystemError& error) {
    if (error.error_number() != ENOENT || !make) throw;
  }
  const auto [parent, name] = filesystem::split_path(path);
  const Directory above = Directory::open_root(parent);
  above.make_folder(name);
  return above.open_folder(name);
}

void refuse_open_to_others(const std::string& path, const Directory& folder) {
  if (const auto why = filesystem::why_not_private(folder.look()))
    refuse(RefusalCode::quarantine_open_to_others, path, *why);
}

bool are_nested(const Directory& a, const Directory& b) {
  return filesystem::lies_within(a, b) || filesystem::lies_within(b, a);
}

std::optional<std::uint64_t> most_bytes_of(const Undo& limits, const Directory& root) {
  if (const auto* const bytes = std::get_if<std::uint64_t>(&limits.most_bytes)) return *bytes;
  const auto* const share = std::get_if<Undo::PercentOfDisk>(&limits.most_bytes);
  const auto whole = share != nullptr ? filesystem::total_bytes(root) : std::nullopt;
  if (!whole) return std::nullopt;
  constexpr double hundred = 100;
  return static_cast<std::uint64_t>(static_cast<double>(*whole) * share->percent / hundred);
}

std::string folder_of(const Options& options) {
  return options.undo ? options.undo->folder : std::string{};
}

// Before anything is done, rather than of each entry.
void require_usable(const Options& options, const OpenQuarantine& opened) {
  const std::string folder =
      folder_of(options).empty()
          ? filesystem::join_path(options.destination, filesystem::reserved_name)
          : folder_of(options);
  try {
    const auto reserved = opened.root->look(filesystem::reserved_name);
    if (!opened.store->is_elsewhere() && reserved && reserved->kind != Kind::folder)
      throw SystemError("use", filesystem::reserved_name, ENOTDIR);
    const auto home = opened.store->home();
    if (opened.store->is_elsewhere() && kept::Journal::is_in(*home))
      kept::Journal{*home, *opened.root, true};
  } catch (const index::SqliteError& error) {
    refuse(RefusalCode::quarantine_unusable, folder, error.what());
  } catch (const SystemError& error) {
    refuse(folder, error);
  }
}

// A pass would make it; nothing is held there yet.
bool is_still_to_be_made(const Options& options) {
  const std::string folder = folder_of(options);
  if (!options.dry_run || folder.empty()) return false;
  try {
    Directory::open_root_to_enter(folder);
    return false;
  } catch (const SystemError& error) {
    return error.error_number() == ENOENT;
  }
}

kept::PassRow row_of(const Options& options, const OpenRoots& roots) {
  const auto began = options.began.value_or(system_clock::now());
  return {
      .name = pass_name(began),
      .began_s = std::chrono::duration_cast<std::chrono::seconds>(began.time_since_epoch()).count(),
      .source = roots.pair.source,
      .keep_s = options.undo->keep_for.count()};
}

}  // namespace

OpenQuarantine::OpenQuarantine(kept::Store::Handle replica, const kept::Store::Handle& elsewhere,
                               kept::PassRow row, bool durable)
    : root(std::move(replica)),
      store(std::make_shared<kept::Store>(root, elsewhere)),
      recording(store, std::move(row), durable),
      intentions(recording, *root, elsewhere != nullptr),
      disposal(intentions) {}

kept::Store::Handle open_elsewhere(const std::string& path, const Directory& root, bool make) {
  if (path.empty()) return nullptr;
  try {
    auto folder = std::make_shared<const Directory>(open_or_make(path, make));
    if (are_nested(*folder, root)) refuse(RefusalCode::quarantine_in_root, path);
    if (folder->look().identity.id.device != root.look().identity.id.device)
      refuse(RefusalCode::quarantine_elsewhere, path);
    refuse_open_to_others(path, *folder);
    return folder;
  } catch (const SystemError& error) {
    refuse(path, error);
  }
}

std::unique_ptr<OpenQuarantine> open_quarantine(const Options& options, const OpenRoots& roots) {
  if (!options.undo || options.dry_run) return nullptr;
  auto root = std::make_shared<const Directory>(roots.destination->open_again());
  auto elsewhere = open_elsewhere(options.undo->folder, *root, true);
  if (elsewhere && are_nested(*elsewhere, roots.source))
    refuse(RefusalCode::quarantine_in_root, options.undo->folder);
  auto opened = std::make_unique<OpenQuarantine>(std::move(root), elsewhere, row_of(options, roots),
                                                 options.flush);
  require_usable(options, *opened);
  return opened;
}

void refuse_if_held(const Options& options, const OpenRoots& roots) {
  if (!roots.destination || is_still_to_be_made(options)) return;
  std::optional<std::string> since;
  try {
    auto root = std::make_shared<const Directory>(roots.destination->open_again());
    auto elsewhere = open_elsewhere(folder_of(options), *root, !options.dry_run);
    since = kept::Store{std::move(root), std::move(elsewhere)}.held_since();
  } catch (const SystemError& error) {
    // Somebody else's, or what is no folder at all, is no quarantine of ours.
    if (options.undo) refuse(options.destination, error);
    return;
  }
  if (since)
    throw Unusable(Status::held_after_undo, {.code = RefusalCode::held_after_undo,
                                             .path = options.destination,
                                             .other = *since,
                                             .cause = folder_of(options)});
}

std::vector<Event> close_quarantine(OpenQuarantine& quarantine, const Undo& limits,
                                    const Summary& summary) {
  std::vector<Event> events;
  const auto on_failure = [&](const std::exception& error) {
    events.emplace_back(engine::failure_of(Path{"."}, error));
  };
  try {
    quarantine.recording.end({.is_complete = !summary.stopped && !summary.given_up,
                              .created = summary.created.entries,
                              .replaced = summary.updated.entries,
                              .moved = summary.moved.entries + summary.moved_folders,
                              .removed = summary.removed.entries,
                              .metadata_set = summary.metadata_set});
    kept::Journal* const journal = quarantine.recording.journal();
    if (journal == nullptr) return events;
    for (const kept::PassRow& pass : journal->expiring())
      kept::expire(*quarantine.store, *journal, pass);
    for (const kept::PassRow& pass :
         kept::expired(journal->passes(), limits, most_bytes_of(limits, *quarantine.root),
                       system_clock::now())) {
      kept::expire(*quarantine.store, *journal, pass);
      events.emplace_back(engine::expired(pass));
    }
  } catch (const SystemError& error) {
    events.emplace_back(engine::failure_of(Path{"."}, error));
  } catch (const index::SqliteError& error) {
    on_failure(error);
  }
  return events;
}

}  // namespace syncline
