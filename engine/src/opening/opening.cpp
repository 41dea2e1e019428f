// SPDX-License-Identifier: MIT
#include "opening/opening.h"

#include "filesystem/directory.h"
#include "filesystem/paths.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "pass/step_sink.h"

#include "syncline/mirror.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace syncline {

namespace {

// Backups that lie beside are protected, unless a rule of the user's speaks of them first, as rsync
// has it.
FilterRule protection_of_backups(const std::string& suffix) {
  FilterRule rule{.pattern = "*", .sides = FilterRule::Sides::destination};
  for (const char letter : suffix) {
    if (std::string_view{"*?[\\"}.find(letter) != std::string_view::npos) rule.pattern += '\\';
    rule.pattern += letter;
  }
  return rule;
}

}  // namespace

// A folder that holds something is not removed (rmdir(2)).
void unmake_destination(const OpenRoots& roots, const Options& options) {
  if (!roots.created || options.dry_run) return;
  const auto [parent, name] = filesystem::split_path(options.destination);
  try {
    filesystem::Directory::open_root_to_enter(parent).remove_folder(name);
  } catch (const filesystem::SystemError&) {
    return;
  }
}

// To restore is to delete nothing.
Options in_effect(const Options& asked) {
  Options options = asked;
  if (!options.began) options.began = std::chrono::system_clock::now();
  if (options.restore) options.deletions = deletion::None{};
  if (options.undo) {
    options.backup.reset();
    options.in_place = false;
  }
  if (options.backup && options.backup->folder.empty())
    options.filters.push_back(protection_of_backups(options.backup->suffix));
  return options;
}

std::optional<OpenIndex> open_index(const OpenRoots& roots, const Options& options,
                                    Observer& observer, const std::stop_token& stop) {
  if (!roots.index_file || options.restore) return std::nullopt;
  try {
    return roots.index_file->open(
        roots.pair, options, roots.destination ? &*roots.destination : nullptr, observer, stop);
  } catch (const Unusable&) {
    unmake_destination(roots, options);
    throw;
  }
}

engine::FolderRef make_root(engine::Pass& pass, OpenRoots& roots, bool is_known,
                            std::vector<engine::Handles::View>& held_open) {
  auto root =
      std::make_shared<engine::Folder>(nullptr, std::string{}, engine::Folder::Role::mirrored);
  root->pass = &pass;
  root->source = pass.source.open_root(*root);
  pass.terms.adapt(*root, *root->source);
  pass.terms.roots.source = root->source->identity.id;
  pass.terms.root_paths = {roots.pair.source, roots.pair.destination};
  root->created = roots.created;
  root->wanted = filter::Wanted{pass.terms.listed.get()};
  root->has_row = pass.memory.is_usable();
  root->row.key = index::root_row;
  if (is_known) root->row.source = pass.terms.roots.source;
  if (roots.destination) {
    root->destination = roots.destination->look();
    pass.terms.roots.destination_place = filesystem::place_of(*roots.destination);
    if (roots.shut) {
      root->destination->mode = roots.shut->hand_over();
      root->touched = true;
    }
    pass.terms.roots.destination = root->destination->identity.id;
    root->there.id = pass.terms.roots.destination;
    auto opened = std::make_shared<const filesystem::Directory>(std::move(*roots.destination));
    held_open.push_back(pass.handles.keep(*root, pass.replica.sink->see(std::move(opened))));
  } else {
    root->destination = root->source;
    root->destination->identity = {};
    held_open.push_back(pass.handles.keep(*root, pass.replica.sink->see(*root->destination)));
  }
  return root;
}

engine::FolderRef make_root_again(engine::Pass& pass, engine::Folder& walked,
                                  std::vector<engine::Handles::View>& held_open) {
  auto root = std::make_shared<engine::Folder>(nullptr, std::string{}, walked.role);
  root->pass = &pass;
  root->source = pass.source.open_root(*root);
  pass.terms.adapt(*root, *root->source);
  root->destination = walked.destination;
  root->wanted = walked.wanted;
  root->touched = walked.touched.load();
  root->has_row = walked.has_row;
  root->row = walked.row;
  root->there.id = walked.there.id;
  // Where its names have been read they would end.
  auto opened = pass.handles.get(walked)->open_again();
  held_open.push_back(pass.handles.keep(*root, std::move(opened)));
  return root;
}

}  // namespace syncline
